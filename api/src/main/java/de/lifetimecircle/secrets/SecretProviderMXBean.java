package de.lifetimecircle.secrets;

import java.util.Map;

/**
 * The figures of {@link SecretStats} as JMX shows them, with {@code metrics=jmx}. Nothing can be
 * changed through it. Each call makes a snapshot, which takes time that grows with the number of
 * names; none blocks.
 *
 * <pre>{@code
 * MBeanServer server = ManagementFactory.getPlatformMBeanServer();
 * ObjectName all = new ObjectName("de.lifetimecircle.secrets:*");
 * for (ObjectName name : server.queryNames(all, null)) {
 *   SecretProviderMXBean bean = JMX.newMXBeanProxy(server, name, SecretProviderMXBean.class);
 *   System.out.println(name + ": " + bean.getStale() + " stale");
 * }
 * }</pre>
 */
public interface SecretProviderMXBean {
  /**
   * Counts reads by the origin of their answer.
   *
   * @return reads by the name of a {@link Secret.Origin}, without those that the cache answered at
   *     once
   */
  Map<String, Long> getReads();

  /**
   * Counts the loads that readers waited for.
   *
   * @return loads that ended, successful or not
   */
  long getLoads();

  /**
   * Counts the loads that no reader waited for.
   *
   * @return refreshes that ended, successful or not
   */
  long getRefreshes();

  /**
   * Counts the loads and refreshes that failed.
   *
   * @return failures by the name of a {@link SecretException.Kind}
   */
  Map<String, Long> getFailures();

  /**
   * Counts the requests to the backend.
   *
   * @return requests as {@link SecretStats#backendCalls} counts them, retries included
   */
  long getBackendCalls();

  /**
   * Estimates the cost of the requests to the backend.
   *
   * @return backend calls times their list price, in US dollars
   */
  double getEstimatedCost();

  /**
   * Counts the answers held.
   *
   * @return kept to the setting {@code max-names}, except for names that a handle or a listener
   *     keeps fresh
   */
  int getNames();

  /**
   * Counts the bytes of the values held.
   *
   * @return bytes of the values alone, without their objects
   */
  long getBytes();

  /**
   * Measures the age of the oldest answer held.
   *
   * @return whole seconds; 0 when none is held
   */
  long getOldestAgeSeconds();

  /**
   * Counts the names whose current version is served past its age because the backend fails.
   *
   * @return 0 while the backend answers
   */
  int getStale();

  /**
   * Measures the age of the oldest of the stale answers.
   *
   * @return whole seconds; 0 when there is none
   */
  long getOldestStaleSeconds();

  /**
   * Gives the age at which an answer is no longer served.
   *
   * @return the setting {@code max-stale} in seconds
   */
  long getMaxStaleSeconds();

  /**
   * Measures how long ago the backend made the oldest of the current versions held.
   *
   * @return whole seconds; 0 when none is held or the backend does not report the time
   */
  long getOldestVersionSeconds();

  /**
   * Counts how often a name's current version was replaced by another one.
   *
   * @return rotations that this provider saw
   */
  long getRotations();

  /**
   * Counts the answers dropped to make room.
   *
   * @return more than 0 if {@code max-names} or {@code max-bytes} is too small for this program
   */
  long getEvicted();

  /**
   * Counts the calls of listeners and metrics that threw.
   *
   * @return calls into code that is not the library's; for metrics, only the first is in the log
   */
  long getForeignFailures();
}
