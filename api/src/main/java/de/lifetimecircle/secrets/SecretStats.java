package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of one provider since it was opened. Immutable; none of it is a value.
 *
 * @param reads reads by where the answer came from. Reads that the cache answers at once ({@code
 *     CACHE}, {@code STALE}) are in it only when the metrics want them: counting each would cost
 *     more than the read
 * @param loads loads of any kind that readers waited for
 * @param refreshes loads that nobody waited for
 * @param failures loads and refreshes that failed, by kind
 * @param backendCalls requests to the backend, as its store counts them, or calls of the store
 *     where it does not; retries included
 * @param estimatedCost backend calls times their list price, in US dollars; without what the
 *     backend charges for storing
 * @param names answers held
 * @param bytes bytes of the values held
 * @param oldest the age of the oldest answer held; empty when none is held
 * @param stale names whose current version is served past its age because the backend fails
 * @param oldestStale the age of the oldest of these; empty when there is none
 * @param maxStale the age at which an answer is no longer served
 * @param oldestVersion how long ago the backend made the oldest of the current versions held; empty
 *     when none is held, or when the backend does not report the time
 * @param rotations how often a name's current version was replaced by another one
 * @param evicted answers dropped to make room
 * @param foreignFailures calls of listeners and metrics that threw
 */
public record SecretStats(
    Map<Secret.Origin, Long> reads,
    long loads,
    long refreshes,
    Map<SecretException.Kind, Long> failures,
    long backendCalls,
    double estimatedCost,
    int names,
    long bytes,
    Optional<Duration> oldest,
    int stale,
    Optional<Duration> oldestStale,
    Duration maxStale,
    Optional<Duration> oldestVersion,
    long rotations,
    long evicted,
    long foreignFailures) {

  /** Makes a snapshot; the maps are copied. */
  public SecretStats {
    reads = Map.copyOf(reads);
    failures = Map.copyOf(failures);
  }
}
