package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of one provider since it was opened. Immutable; none of it is a value.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * SecretStats stats = secrets.stats();
 * if (stats.stale() > 0) {
 *   Duration left = stats.maxStale().minus(stats.oldestStale().orElse(Duration.ZERO));
 *   System.err.println("The backend fails; the first secret expires in " + left);
 * }
 * }</pre>
 *
 * @param reads reads by where the answer came from. Reads that the cache answers at once ({@code
 *     CACHE}, {@code STALE}) are in it only when the metrics want them: counting each would cost
 *     more than the read
 * @param loads loads of any kind that readers waited for
 * @param refreshes loads that no reader waited for
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

  /**
   * Makes a snapshot of figures that were counted elsewhere; a test may make one of its own. The
   * figures are not checked against each other.
   *
   * @param reads copied
   * @param loads 0 or more
   * @param refreshes 0 or more
   * @param failures copied
   * @param backendCalls 0 or more
   * @param estimatedCost US dollars
   * @param names 0 or more
   * @param bytes 0 or more
   * @param oldest empty without an answer
   * @param stale 0 or more, at most {@code names}
   * @param oldestStale empty without a stale answer
   * @param maxStale greater than zero
   * @param oldestVersion empty if unknown
   * @param rotations 0 or more
   * @param evicted 0 or more
   * @param foreignFailures 0 or more
   */
  public SecretStats {
    reads = Map.copyOf(reads);
    failures = Map.copyOf(failures);
  }
}
