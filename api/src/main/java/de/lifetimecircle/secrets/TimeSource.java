package de.lifetimecircle.secrets;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of a provider: the time of day, which can be set and so can step, and a monotonic
 * time, which only moves forward but may stand still while the machine is suspended.
 *
 * <p>The age of an answer is the time since its request, by the clock that gives the larger figure.
 * Implement this to let a test move either clock; pass it to {@link SecretProviderBuilder#clock}.
 * Safe for use by several threads; never blocks.
 */
public interface TimeSource extends InstantSource {

  /**
   * The monotonic time in nanoseconds, as {@link System#nanoTime}: only the difference of two
   * values means anything.
   */
  long nanoTime();

  /**
   * Returns the timer that runs what falls due by this time, for a test that moves the time. A
   * provider then runs everything on it and on its {@link SecretProviderBuilder#executor}.
   *
   * @return null for a time that passes by itself
   */
  default @Nullable ScheduledExecutorService timer() {
    return null;
  }

  /** Returns the clocks of the machine. */
  static TimeSource system() {
    return of(InstantSource.system());
  }

  /**
   * Returns the source itself if it has both clocks, and else one that takes the time of day from
   * it and the monotonic time from the machine.
   */
  static TimeSource of(InstantSource timeOfDay) {
    if (timeOfDay instanceof TimeSource both) {
      return both;
    }
    return new TimeSource() {
      @Override
      public Instant instant() {
        return timeOfDay.instant();
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }
    };
  }
}
