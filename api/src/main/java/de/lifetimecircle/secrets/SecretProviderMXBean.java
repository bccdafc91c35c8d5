package de.lifetimecircle.secrets;

import java.util.Map;

/**
 * The figures of {@link SecretStats} as JMX shows them, with {@code metrics=jmx}. Nothing can be
 * changed through it. Each call makes a snapshot, which takes time that grows with the number of
 * names; none blocks.
 */
public interface SecretProviderMXBean {
  /** Reads by origin, without those that the cache answered at once. */
  Map<String, Long> getReads();

  /** Loads that readers waited for. */
  long getLoads();

  /** Loads that nobody waited for. */
  long getRefreshes();

  /** Loads and refreshes that failed, by kind. */
  Map<String, Long> getFailures();

  /** Requests to the backend. */
  long getBackendCalls();

  /** Backend calls times their list price, in US dollars. */
  double getEstimatedCost();

  /** Answers held. */
  int getNames();

  /** Bytes of the values held. */
  long getBytes();

  /** The age of the oldest answer held, in seconds; 0 when none is held. */
  long getOldestAgeSeconds();

  /** Names whose current version is served past its age because the backend fails. */
  int getStale();

  /** The age of the oldest of these, in seconds; 0 when there is none. */
  long getOldestStaleSeconds();

  /** The age at which an answer is no longer served, in seconds. */
  long getMaxStaleSeconds();

  /**
   * How long ago the backend made the oldest of the current versions held, in seconds; 0 when none
   * is held or the backend does not report the time.
   */
  long getOldestVersionSeconds();

  /** How often a name's current version was replaced by another one. */
  long getRotations();

  /** Answers dropped to make room. */
  long getEvicted();

  /** Calls of listeners and metrics that threw. */
  long getForeignFailures();
}
