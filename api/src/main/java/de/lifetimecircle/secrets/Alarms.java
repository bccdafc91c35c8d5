package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When one entry asks its backend again, shortly before the soft age while loads work and ever more
 * rarely while they fail, and the alarms that belong to what it holds. Guarded by the entry's
 * monitor, in which they ring too. All times are in nanoseconds.
 *
 * <p>A timer cannot take back an alarm that it has begun to run. So each knows the era it was set
 * in, and the entry asks, inside its monitor, whether that era lasts: one that comes too late finds
 * it ended and does nothing.
 */
final class Alarms {
  /** What an alarm is for. */
  enum Purpose {
    /** It is time for a refresh. */
    REFRESH,
    /** The answer is past its soft age. */
    SOFT_AGE,
    /** The answer is past the age in which it may be served. */
    MAX_STALE,
    /** A failure was remembered long enough. */
    FORGET,
    /** Nobody has asked for long. */
    RETIRE
  }

  private final Policy policy;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;
  private final Entry<?> entry;
  private int failuresInRow;

  /** The last failure was an answer of the backend, not its outage. */
  private boolean isMiss;

  private final List<Future<?>> set = new ArrayList<>(2);
  private @Nullable ScheduledFuture<?> refresh;
  private long era;

  Alarms(Policy policy, RandomGenerator random, ScheduledExecutorService timer, Entry<?> entry) {
    this.policy = policy;
    this.random = random;
    this.timer = timer;
    this.entry = entry;
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

  boolean lasts(long eraOfAlarm) {
    return eraOfAlarm == era;
  }

  /** Rings once, unless the era ends before. */
  void after(long nanos, Purpose purpose) {
    Future<?> alarm = schedule(nanos, purpose);
    if (alarm != null) {
      set.add(alarm);
    }
  }

  /** Rings for the next refresh; replaces the alarm that was set for it. */
  void refreshAfter(long nanos) {
    cancel(refresh);
    refresh = schedule(nanos, Purpose.REFRESH);
  }

  /** The nanoseconds until the next refresh; 0 when none is set. */
  long untilRefresh() {
    return refresh == null ? 0 : Math.max(0, refresh.getDelay(TimeUnit.NANOSECONDS));
  }

  /** Ends the era: no alarm that was set so far rings any more. */
  void clear() {
    era++;
    for (Future<?> alarm : set) {
      cancel(alarm);
    }
    set.clear();
    cancel(refresh);
    refresh = null;
  }

  /** An alarm as the timer knows it. */
  private static final class Alarm implements Runnable {
    private final Entry<?> entry;
    private final long era;
    private final Purpose purpose;

    Alarm(Entry<?> entry, long era, Purpose purpose) {
      this.entry = entry;
      this.era = era;
      this.purpose = purpose;
    }

    @Override
    public void run() {
      entry.ring(era, purpose);
    }
  }

  private @Nullable ScheduledFuture<?> schedule(long nanos, Purpose purpose) {
    try {
      return timer.schedule(new Alarm(entry, era, purpose), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closing) { // the timer ends only with the provider
      return null;
    }
  }

  private static void cancel(@Nullable Future<?> alarm) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }
}
