package de.lifetimecircle.secrets;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A point in time by both clocks of a {@link TimeSource}. Immutable.
 *
 * <p>What has passed since is the larger of what the two say: a time of day that was set back must
 * not make an old answer young, and neither must a monotonic clock that stood still while the
 * machine was suspended.
 */
final class ClockReading {
  /** Counts the moments, so that of two in one nanosecond the earlier is known. */
  private static final AtomicLong COUNT = new AtomicLong();

  private final long place = COUNT.incrementAndGet();
  private final long nanos;

  // An instant, without the object: each held answer has a moment.
  private final long second;
  private final int nanoOfSecond;

  private ClockReading(long nanos, Instant timeOfDay) {
    this.nanos = nanos;
    this.second = timeOfDay.getEpochSecond();
    this.nanoOfSecond = timeOfDay.getNano();
  }

  static ClockReading now(TimeSource time) {
    return new ClockReading(time.nanoTime(), time.instant());
  }

  /** The nanoseconds from this moment to a later one; never negative. */
  long until(ClockReading later) {
    Duration byTimeOfDay = byTimeOfDay(later);
    if (byTimeOfDay.isNegative()) { // it was set back
      return steadilyUntil(later);
    }
    // No age is longer than a year; what a clock that was set by 300 years says overflows.
    Duration bounded =
        byTimeOfDay.compareTo(DurationFormat.LONGEST) < 0 ? byTimeOfDay : DurationFormat.LONGEST;
    return Math.max(steadilyUntil(later), bounded.toNanos());
  }

  private long steadilyUntil(ClockReading later) {
    return Math.max(0, later.nanos - nanos);
  }

  /** Whether a clock went back, or on by more than twice as long as expected. */
  boolean isGap(ClockReading later, long expected) {
    Duration byTimeOfDay = byTimeOfDay(later);
    long most = 2 * expected;
    return later.nanos - nanos > most
        || byTimeOfDay.isNegative()
        || byTimeOfDay.compareTo(Duration.ofNanos(most)) > 0;
  }

  /** How much more has passed by the time of day than by the other clock; less if negative. */
  Duration drift(ClockReading later) {
    return byTimeOfDay(later).minusNanos(later.nanos - nanos);
  }

  private Duration byTimeOfDay(ClockReading later) {
    return Duration.ofSeconds(later.second - second, later.nanoOfSecond - nanoOfSecond);
  }

  /** Whether it was made earlier, whatever the clocks said. */
  boolean isBefore(ClockReading other) {
    return place < other.place;
  }
}
