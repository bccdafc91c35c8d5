package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The ages and limits of the cache.
 *
 * <p>{@code negativeAge} has three readers: {@link #remembered}, {@code Slot.maxStalePassed}, and
 * {@code CachingSecretProvider.selected} for a version that does not exist. Remembered failures are
 * not counted in {@code maxNames} and {@code maxBytes}, because this age is short: with a long one,
 * every missing name that a caller asks for takes heap beyond both limits for that long.
 *
 * @param softAge how long an answer is fresh
 * @param maxStale how long an answer is served at all; at least the soft age
 * @param negativeAge how long a miss or a failure is remembered, before {@link #remembered}
 * @param timeout how long one call may take once it has a thread, retries included
 * @param retries how often a read is tried again after a retryable failure
 * @param jitter the share of the soft age by which a refresh comes earlier at most; 0 to 0.5
 * @param idle how long a name is kept fresh after its last read
 * @param maxNames how many answers are held at most
 * @param maxBytes how many bytes of heap the answers may take, as the cache estimates it
 */
public record CachePolicy(
    Duration softAge,
    Duration maxStale,
    Duration negativeAge,
    Duration timeout,
    int retries,
    double jitter,
    Duration idle,
    int maxNames,
    long maxBytes) {

  /** The first wait after a failed refresh; doubled for each further one. */
  static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

  /** The longest wait between two tries while a backend is down. */
  public static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  /** The wait after that many failures in a row, before jitter. */
  static Duration backoff(int failures) {
    int doublings = Math.min(Math.max(failures - 1, 0), 16);
    Duration wait = FIRST_BACKOFF.multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST_BACKOFF) < 0 ? wait : LONGEST_BACKOFF;
  }

  /** Whether the backend says that there is no such secret or version any more. */
  public static boolean isGone(SecretException error) {
    return switch (error.kind()) {
      case NOT_FOUND, VERSION_NOT_FOUND, PENDING_DELETION -> true;
      default -> false;
    };
  }

  /** Returns the nanoseconds from the beginning of a load that works to the next refresh. */
  public long untilRefresh(RandomGenerator random) {
    return softAge.toNanos() - jitter(softAge.toNanos(), random);
  }

  /** Returns the nanoseconds from a failed load to the next try, while an answer is held. */
  public long untilRetry(int failures, SecretException error, RandomGenerator random) {
    long backoff = backoff(failures).toNanos();
    return Math.max(backoff - jitter(backoff, random), askedByBackend(error));
  }

  /** Returns for how many nanoseconds a failure is repeated to readers, while nothing is held. */
  public long remembered(SecretException error, RandomGenerator random) {
    long negative = negativeAge.toNanos();
    // Later, not earlier: a cold name of a dead backend is asked for in vain no more often.
    long jittered = error.retryable() ? negative + jitter(negative, random) : negative;
    return Math.max(jittered, askedByBackend(error));
  }

  /** A backend that asks for a wait beyond the life of an answer is wrong, or the sum overflows. */
  private long askedByBackend(SecretException error) {
    Duration wait = error.retryAfter().orElse(Duration.ZERO);
    return (wait.compareTo(maxStale) < 0 ? wait : maxStale).toNanos();
  }

  private long jitter(long wait, RandomGenerator random) {
    return (long) (wait * jitter * random.nextDouble());
  }
}
