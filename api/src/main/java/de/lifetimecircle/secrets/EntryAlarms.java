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
final class EntryAlarms {
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

  private final CachePolicy policy;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;
  private final Entry<?> entry;
  private int failuresInRow;

  /** From the last refresh to the one that an alarm is set for. */
  private long wait;

  /** How long nobody has read. */
  private long unread;

  /** The last failure was an answer of the backend, not its outage. */
  private boolean isMiss;

  private final List<Future<?>> set = new ArrayList<>(2);
  private @Nullable ScheduledFuture<?> refresh;
  private long era;

  EntryAlarms(
      CachePolicy policy, RandomGenerator random, ScheduledExecutorService timer, Entry<?> entry) {
    this.policy = policy;
    this.random = random;
    this.timer = timer;
    this.entry = entry;
  }

  /**
   * A load worked: sets the alarms of its answer.
   *
   * @param age how long ago the load began
   */
  void worked(long age) {
    failuresInRow = 0;
    clear();
    long soft = policy.softAge().toNanos();
    long fresh = soft - jitter(soft);
    refreshAfter(Math.max(fresh - age, fresh / 2)); // a load may take longer than the soft age
    ages(age);
  }

  /** Sets the alarms for the ages of an answer that is so old, in place of those that were set. */
  void ages(long age) {
    for (Future<?> alarm : set) {
      cancel(alarm);
    }
    set.clear();
    after(policy.softAge().toNanos() - age, Purpose.SOFT_AGE);
    after(policy.maxStale().toNanos() - age, Purpose.MAX_STALE);
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

  /** Rings for the next try, while an answer is held. */
  void retryAfter(SecretException error) {
    long backoff = CachePolicy.backoff(failuresInRow).toNanos();
    refreshAfter(Math.max(backoff - jitter(backoff), asked(error)));
  }

  /** How long a failure is repeated to readers, while nothing is held. */
  long remembered(SecretException error) {
    long negative = policy.negativeAge().toNanos();
    // Later, not earlier: a cold name of a dead backend is asked for in vain no more often.
    long jittered = error.retryable() ? negative + jitter(negative) : negative;
    return Math.max(jittered, asked(error));
  }

  /** Why a held answer is stale after that. */
  static String reason(SecretException error) {
    return "refresh failed: " + error.kind();
  }

  /** Why the held answer is stale now that its age has passed. */
  String staleReason() {
    Entry<?> leader = entry.host.leader();
    SecretException own = entry.failure;
    SecretException failure = own != null || leader == null ? own : leader.failure;
    return failure != null ? reason(failure) : "a refresh is under way";
  }

  /**
   * Whether the leader's refreshes bring those of this entry. Not after a failure of this entry
   * alone, nor while the leader's is no outage, as where its version has no value: then this one
   * tries again by itself.
   */
  boolean areLed() {
    Entry<?> leader = entry.host.leader();
    if (leader == null || leader.served == null) {
      return false;
    }
    SecretException failure = leader.failure;
    return failure == null ? !fails() : failure.retryable();
  }

  /** What a backend asks for beyond the life of an answer is a mistake of its, or overflows. */
  private long asked(SecretException error) {
    Duration asked = error.retryAfter().orElse(Duration.ZERO);
    return (asked.compareTo(policy.maxStale()) < 0 ? asked : policy.maxStale()).toNanos();
  }

  private long jitter(long wait) {
    return (long) (wait * policy.jitter() * random.nextDouble());
  }

  /** Whether an alarm of that era still means anything. */
  boolean lasts(long eraOfAlarm) {
    return eraOfAlarm == era;
  }

  /** Rings once, unless the era ends before; returns false if the timer takes no alarm. */
  boolean after(long nanos, Purpose purpose) {
    Future<?> alarm = schedule(nanos, purpose);
    return alarm != null && set.add(alarm);
  }

  /** Rings for the next refresh; replaces the alarm that was set for it. */
  void refreshAfter(long nanos) {
    wait = nanos;
    cancel(refresh);
    refresh = schedule(nanos, Purpose.REFRESH);
  }

  /** It is time for a refresh: whether nobody has read for so long that there shall be none. */
  boolean isIdle(boolean wasRead) {
    unread = wasRead ? 0 : unread + wait;
    return unread > policy.idle().toNanos();
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
      synchronized (entry) {
        if (!entry.retired && entry.alarms.lasts(era)) {
          entry.rang(purpose);
        }
      }
      entry.left();
    }
  }

  private @Nullable ScheduledFuture<?> schedule(long nanos, Purpose purpose) {
    try {
      return timer.schedule(
          new Alarm(entry, era, purpose), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // the provider is closed, or the timer has no thread
      return null;
    }
  }

  private static void cancel(@Nullable Future<?> alarm) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }
}
