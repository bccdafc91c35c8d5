package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.TimeSource;
import de.lifetimecircle.secrets.internal.config.DurationFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A point in time by both clocks of a {@link TimeSource}. Immutable.
 *
 * <p>The time passed since then is the larger of the two clocks' figures: an old answer must not
 * become young because the time of day was set back, or because the monotonic clock stood still
 * while the machine was suspended.
 *
 * @param place its place in the order of all readings, so that of two in one nanosecond the earlier
 *     is known
 * @param nanos the monotonic time
 * @param second the time of day: seconds since 1970
 * @param nanoOfSecond the time of day: the rest
 */
public record Timestamp(long place, long nanos, long second, int nanoOfSecond) {
  private static final AtomicLong COUNT = new AtomicLong();

  public static Timestamp now(TimeSource time) {
    long nanos = time.nanoTime();
    Instant timeOfDay = time.instant();
    return new Timestamp(nextPlace(), nanos, timeOfDay.getEpochSecond(), timeOfDay.getNano());
  }

  /** The next place in the order of all readings, for what happens now. */
  static long nextPlace() {
    return COUNT.incrementAndGet();
  }

  /** The nanoseconds from this moment to a later one; never negative. Allocates nothing. */
  long until(Timestamp later) {
    long steadily = Math.max(0, later.nanos - nanos);
    long seconds = later.second - second;
    if (seconds < -1) { // it was set back
      return steadily;
    }
    // No age is longer than a year; what a clock that was set by 300 years says overflows.
    long bounded = Math.min(seconds, DurationFormat.LONGEST.toSeconds());
    return Math.max(
        steadily, TimeUnit.SECONDS.toNanos(bounded) + later.nanoOfSecond - nanoOfSecond);
  }

  /** Whether a clock went back, or on by more nanoseconds than that. */
  boolean isGap(Timestamp later, long most) {
    Duration byTimeOfDay = byTimeOfDay(later);
    return later.nanos - nanos > most
        || byTimeOfDay.isNegative()
        || byTimeOfDay.compareTo(Duration.ofNanos(most)) > 0;
  }

  private Duration byTimeOfDay(Timestamp later) {
    return Duration.ofSeconds(later.second - second, later.nanoOfSecond - nanoOfSecond);
  }

  /** Whether it was made earlier, whatever the clocks said. */
  boolean isBefore(Timestamp other) {
    return place < other.place;
  }
}
