package de.lifetimecircle.secrets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When one entry asks its backend again (shortly before the soft age while loads succeed, ever more
 * rarely while they fail), and what is due at a tick of {@link Sweep}. A layer of {@link Entry};
 * guarded by the entry's monitor.
 *
 * <p>The ages of an answer follow from both clocks ({@link ClockReading}); the time of the next
 * refresh is one of the monotonic clock. If that one stood still, or a clock was set, the ages show
 * it, and an answer past its soft age is refreshed at once.
 *
 * <p>Whatever is due stays due until its work is done: a refresh is due again after a second unless
 * the work sets another time, and the ages follow from the held answer. So an error in the middle
 * of the work only makes it late.
 */
abstract class EntrySchedule<T> extends HeldAnswer<T> {

  /**
   * When the next refresh is due, by the monotonic clock; where nothing is held, when to forget or
   * to retire. Only if {@code hasNext}.
   */
  private long nextAt;

  private boolean hasNext;

  /** When a refresh fell due last before which somebody had read. */
  private long seenReadAt;

  /** Whether a tick has done something that was not announced yet; only ticks read it. */
  private boolean isUnannounced;

  private @Nullable FailureStreak failures;

  /**
   * What the last load failed with: the answer while nothing is held, else the stale reason. An
   * entry that this one leads reads it without the monitor.
   */
  volatile @Nullable SecretException failure;

  EntrySchedule(EntryHost<T> host) {
    super(host);
    this.seenReadAt = host.now().nanos();
  }

  CachePolicy policy() {
    return host.parts().policy();
  }

  // ---- a tick

  /** It is time for a refresh. */
  abstract void refreshDue();

  /** The answer is past the age in which it may be served. */
  abstract void maxStalePassed();

  /** Nothing is held, and the time set for that is over. */
  abstract void emptyForLong();

  /** Begins and tells what was decided inside the monitor, now that it is left. */
  abstract void left();

  /** Begins the load under way; called outside of the monitor. */
  abstract void begin();

  /**
   * Does what is due, one thing after the other: each after the monitor was left, so that a load
   * may land in between.
   *
   * @param isAfterGap whether for a while no tick could come and no load could begin
   */
  void tick(ClockReading now, boolean isAfterGap) {
    boolean didWork = doEarliest(now, isAfterGap);
    while (didWork || isUnannounced) {
      left();
      isUnannounced = false;
      didWork = doFirst(now);
    }
    begin();
  }

  /** As {@link #doFirst}, after what a gap or a clock that stood still has put off. */
  private synchronized boolean doEarliest(ClockReading now, boolean isAfterGap) {
    if (isPastSoftAge(now) && (isAfterGap || isLateForRefresh(now))) {
      refreshAt(now.nanos());
    }
    return doFirst(now);
  }

  /**
   * Does the first thing that is due; returns whether anything was. A refresh comes before the soft
   * age, which its answer may make needless.
   */
  private synchronized boolean doFirst(ClockReading now) {
    if (retired) {
      return false;
    }
    long age = age(now);
    // A tick early, since the next one would be late.
    if (held != null && age >= policy().maxStale().toNanos() - host.parts().sweep().tick) {
      maxStalePassed();
    } else if (hasNext && nextAt - now.nanos() <= 0) {
      refreshAt(now.nanos() + Sweep.AGAIN); // unless the work sets another time, or fails
      if (held != null) {
        refreshDue();
      } else {
        emptyForLong();
      }
    } else if (isFresh() && isPastSoftAge(now)) {
      softAgePassed(staleReason());
    } else {
      return false;
    }
    isUnannounced = true;
    return true;
  }

  private boolean isPastSoftAge(ClockReading now) {
    return held != null && age(now) >= policy().softAge().toNanos();
  }

  /** Whether a refresh should have come, had the monotonic clock not stood still. */
  private boolean isLateForRefresh(ClockReading now) {
    return isFresh() && served != null && !fails() && hasStoodStill(now);
  }

  // ---- times

  /**
   * A load worked: sets the time of the next refresh.
   *
   * @param asked when the load began
   */
  void worked(ClockReading asked) {
    failures = null;
    refreshAt(asked.nanos() + Sweep.AGAIN); // what follows may fail, as foreign code can
    long soft = policy().softAge().toNanos();
    long fresh = soft - jitter(soft);
    // A load may take longer than the soft age.
    refreshAfter(Math.max(fresh - asked.until(host.now()), fresh / 2));
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

  /** Sets the time of the next try, while an answer is held. */
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
   * Sets when the next refresh is due while an answer is held, else when to forget the failure if
   * there is one, else when to retire. Replaces the time that was set.
   */
  void refreshAfter(long nanos) {
    refreshAt(host.now().nanos() + Math.max(0, nanos));
  }

  private void refreshAt(long nanos) {
    nextAt = nanos;
    hasNext = true;
  }

  /** It is time for a refresh: whether nobody has read for so long that there shall be none. */
  boolean isIdle(boolean wasRead) {
    long now = host.now().nanos();
    if (wasRead) {
      seenReadAt = now;
    }
    return now - seenReadAt > policy().idle().toNanos();
  }

  /** The nanoseconds until the next refresh; 0 when none is set. */
  long untilRefresh() {
    return hasNext ? Math.max(0, nextAt - host.now().nanos()) : 0;
  }

  /** No refresh is due any more until one is set. */
  void noRefresh() {
    hasNext = false;
  }
}
