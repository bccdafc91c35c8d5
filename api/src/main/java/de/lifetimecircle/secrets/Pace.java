package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When one entry asks its backend again: shortly before the soft age while loads work, ever more
 * rarely while they fail. Guarded by the entry's monitor. All times are in nanoseconds.
 */
final class Pace {
  private final Policy policy;
  private final RandomGenerator random;
  private int failuresInRow;

  /** The last failure was an answer of the backend, not its outage. */
  private boolean isMiss;

  Pace(Policy policy, RandomGenerator random) {
    this.policy = policy;
    this.random = random;
  }

  /** A load worked; returns the time until the refresh. */
  long worked() {
    failuresInRow = 0;
    long soft = policy.softAge.toNanos();
    return soft - jitter(soft);
  }

  /** A load failed. */
  void failed(SecretException error) {
    isMiss = !error.retryable();
    failuresInRow++;
  }

  /** Whether the last load failed. */
  boolean fails() {
    return failuresInRow > 0;
  }

  /** Whether the backend is down, as far as the last load can tell. */
  boolean isOutage() {
    return fails() && !isMiss;
  }

  /** The time until the next try, while an answer is held. */
  long untilRetry(SecretException error) {
    long wait = Policy.backoff(failuresInRow).toNanos();
    return Math.max(wait - jitter(wait), asked(error));
  }

  /** How long a failure is repeated to readers, while nothing is held. */
  long remembered(SecretException error) {
    long negative = policy.negativeAge.toNanos();
    // Later, not earlier: a cold name of a dead backend is asked for in vain no more often.
    long jittered = error.retryable() ? negative + jitter(negative) : negative;
    return Math.max(jittered, asked(error));
  }

  /** Why a held answer is stale after that. */
  static String reason(SecretException error) {
    return "refresh failed: " + error.kind();
  }

  /** What a backend asks for beyond the life of an answer is a mistake of its, or overflows. */
  private long asked(SecretException error) {
    Duration asked = error.retryAfter().orElse(Duration.ZERO);
    return (asked.compareTo(policy.maxStale) < 0 ? asked : policy.maxStale).toNanos();
  }

  private long jitter(long wait) {
    return (long) (wait * policy.jitter * random.nextDouble());
  }
}
