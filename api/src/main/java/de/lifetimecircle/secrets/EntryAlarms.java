package de.lifetimecircle.secrets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The times at which one entry asks its backend again (shortly before the soft age while loads
 * succeed, ever more rarely while they fail) and at which the ages of its answer end. A layer of
 * {@link Entry}; guarded by the entry's monitor, in which its alarm also rings. All times are in
 * nanoseconds of the {@link AlarmQueue}.
 *
 * <p>The queue knows only the earliest of these times. It takes an alarm and rings it afterwards,
 * so the entry may have set other times in between. A ringing alarm therefore does only what is due
 * by the times set then, and nothing if they are all in the future.
 *
 * <p>A purpose stays due until its work is done: a refresh is due again after a second unless the
 * work sets another time, and the ages follow from the held answer. So an error in the middle of
 * the work only makes it late.
 */
abstract class EntryAlarms<T> extends HeldAnswer<T> {
  private static final long NEVER = AlarmQueue.NEVER;

  /** The purpose of an alarm. */
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

  /** When the next refresh is due; where nothing is held, when to forget or to retire. */
  private long nextAt = NEVER;

  /** When the answer's age was 0, by the queue. */
  private long agesFrom;

  /** When a refresh fell due last before which somebody had read. */
  private long seenReadAt;

  private @Nullable FailureStreak failures;

  /**
   * What the last load failed with: the answer while nothing is held, else the stale reason. An
   * entry that this one leads reads it without the monitor.
   */
  volatile @Nullable SecretException failure;

  EntryAlarms(EntryHost<T> host) {
    super(host);
    this.seenReadAt = time();
  }

  CachePolicy policy() {
    return host.parts().policy();
  }

  /** The time by the queue. */
  private long time() {
    return host.parts().alarms().now();
  }

  /**
   * Takes a place in the queue, before anything is served that an alarm has to end.
   *
   * @throws OutOfMemoryError if there is no room for it
   */
  void reserve() {
    if (held == null) { // else it has one
      refreshAfter(AlarmQueue.AGAIN);
    }
  }

  /** Does what the alarm is for; called inside the monitor. */
  abstract void rang(Purpose purpose);

  /** The monitor is left in which an alarm rang. */
  abstract void left();

  /**
   * A load worked: sets the alarms of its answer.
   *
   * @param age how long ago the load began
   */
  void worked(long age) {
    failures = null;
    long soft = policy().softAge().toNanos();
    long now = time();
    agesFrom = now - age; // what follows may fail, as foreign code can, and then comes late only
    nextAt = now + AlarmQueue.AGAIN;
    long fresh = soft - jitter(soft);
    nextAt = now + Math.max(fresh - age, fresh / 2); // a load may take longer than the soft age
    var unused = arm(); // an answer that nothing refreshes is refreshed by its readers
  }

  /** Sets the alarms for the ages of an answer, if the timer's own clock has another one. */
  void ages(long age, boolean mayBeYounger) {
    long from = time() - age;
    if (from < agesFrom - AlarmQueue.AGAIN
        || (mayBeYounger && from > agesFrom)) { // a smaller difference is left to the sweep
      agesFrom = from;
      var unused = arm();
    }
  }

  /** A load failed. */
  void failed(SecretException error) {
    failures = FailureStreak.after(failures, error);
  }

  /** Whether the last load failed. */
  boolean fails() {
    return failures != null;
  }

  /** When what readers get stale, because loads fail, was asked for; null if they do not. */
  synchronized @Nullable ClockReading askedIfOutageServes() {
    return failure != null && servesStale() ? asked() : null;
  }

  /** Whether the backend is down, as far as the last load can tell. */
  boolean isOutage() {
    return failures != null && !failures.isMiss();
  }

  /** Rings for the next try, while an answer is held. */
  void retryAfter(SecretException error) {
    FailureStreak streak = failures;
    long backoff = streak == null ? 0 : streak.backoff().toNanos();
    refreshAfter(Math.max(backoff - jitter(backoff), asked(error)));
  }

  /** How long a failure is repeated to readers, while nothing is held. */
  long remembered(SecretException error) {
    long negative = policy().negativeAge().toNanos();
    // Later, not earlier: a cold name of a dead backend is asked for in vain no more often.
    long jittered = error.retryable() ? negative + jitter(negative) : negative;
    return Math.max(jittered, asked(error));
  }

  /** Why the held answer is stale now that its age has passed. */
  String staleReason() {
    Entry<?> leader = host.leader();
    SecretException own = failure;
    SecretException cause = own != null || leader == null ? own : leader.failure;
    return cause != null ? reason(cause) : "a refresh is under way";
  }

  /**
   * Whether the leader's refreshes bring those of this entry. Not after a failure of this entry
   * alone, nor while the leader's is no outage, as where its version has no value: then this one
   * tries again by itself.
   */
  boolean areLed() {
    Entry<?> leader = host.leader();
    if (leader == null || leader.served == null) {
      return false;
    }
    SecretException outage = leader.failure;
    return outage == null ? !fails() : outage.retryable();
  }

  /** A backend that asks for a wait beyond the life of an answer is wrong, or the sum overflows. */
  private long asked(SecretException error) {
    Duration asked = error.retryAfter().orElse(Duration.ZERO);
    return (asked.compareTo(policy().maxStale()) < 0 ? asked : policy().maxStale()).toNanos();
  }

  private long jitter(long wait) {
    return (long) (wait * policy().jitter() * host.parts().random().nextDouble());
  }

  /**
   * Rings once, unless another time is set before; for a refresh while an answer is held, else to
   * forget the failure if there is one, else to retire. Returns false if the timer takes no alarm.
   */
  boolean after(long nanos) {
    nextAt = time() + Math.max(0, nanos);
    return arm();
  }

  /** Rings for the next refresh; replaces the alarm that was set for it. */
  void refreshAfter(long nanos) {
    var unused = after(nanos);
  }

  /** It is time for a refresh: whether nobody has read for so long that there shall be none. */
  boolean isIdle(boolean wasRead) {
    long now = time();
    if (wasRead) {
      seenReadAt = now;
    }
    return now - seenReadAt > policy().idle().toNanos();
  }

  /** The nanoseconds until the next refresh; 0 when none is set. */
  long untilRefresh() {
    return nextAt == NEVER ? 0 : Math.max(0, nextAt - time());
  }

  /** No refresh is due any more until one is set. */
  void noRefresh() {
    nextAt = NEVER;
  }

  /** No alarm that was set so far rings any more. */
  void clearAlarms() {
    nextAt = NEVER;
    var unused = arm();
  }

  /** Tells the queue the earliest time; returns false if the timer takes no alarm. */
  private boolean arm() {
    long ages = Math.min(softAgeAt(), maxStaleAt());
    return host.parts().alarms().set(this, Math.min(nextAt, ages));
  }

  private long softAgeAt() {
    return isFresh() ? agesFrom + policy().softAge().toNanos() : NEVER;
  }

  private long maxStaleAt() {
    return held != null ? agesFrom + policy().maxStale().toNanos() : NEVER;
  }

  @Override
  void ring(long now) {
    boolean more = true;
    while (more) { // each after the other was left, so that a load may land in between
      synchronized (this) {
        Purpose due = retired ? null : takeDue(now);
        more = due != null;
        if (due != null) {
          rang(due);
        } else if (!retired) {
          var unused = arm();
        }
      }
      left();
    }
  }

  /** The earliest that is due; of two at one time a refresh, which makes the other needless. */
  private @Nullable Purpose takeDue(long now) {
    long softAge = softAgeAt();
    long maxStale = maxStaleAt();
    long ages = Math.min(softAge, maxStale);
    if (Math.min(nextAt, ages) > now) {
      return null;
    }
    if (nextAt > ages) {
      return softAge <= maxStale ? Purpose.SOFT_AGE : Purpose.MAX_STALE;
    }
    nextAt = now + AlarmQueue.AGAIN; // unless the work sets another time, or fails
    if (held != null) {
      return Purpose.REFRESH;
    }
    return failure != null ? Purpose.FORGET : Purpose.RETIRE;
  }
}
