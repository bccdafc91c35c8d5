package de.lifetimecircle.secrets;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of a provider: the time of day, which can be set and so can step, and a monotonic
 * time, which only moves forward but may stand still while the machine is suspended.
 *
 * <pre>{@code
 * InstantSource fixed = InstantSource.fixed(Instant.parse("2026-01-31T23:59:59Z"));
 * SecretProvider secrets =
 *     SecretProvider.builder()
 *         .clock(TimeSource.of(fixed)) // the monotonic time stays that of the machine
 *         .build();
 * }</pre>
 *
 * <p>The age of an answer is the time since its request, by the clock that gives the larger figure.
 * Implement this to let a test move either clock; pass it to {@link SecretProviderBuilder#clock}.
 * Safe for use by several threads; never blocks.
 */
public interface TimeSource extends InstantSource {

  /**
   * Reads the monotonic time, as {@link System#nanoTime}.
   *
   * @return nanoseconds from an arbitrary origin, perhaps negative: only the difference of two
   *     values means anything
   */
  long nanoTime();

  /**
   * Gives the timer that runs tasks when they fall due by this time, for a test that moves the
   * time. A provider then runs everything on it and on its {@link SecretProviderBuilder#executor}.
   *
   * @return the timer; null for a time that passes by itself
   */
  default @Nullable ScheduledExecutorService timer() {
    return null;
  }

  /**
   * Gives access to the clocks of the machine, which a provider uses unless told otherwise.
   *
   * @return a source over the system clock and {@link System#nanoTime}
   */
  static TimeSource system() {
    return of(InstantSource.system());
  }

  /**
   * Completes a time of day to a source of both clocks.
   *
   * @param timeOfDay a source that may have only one clock, such as a {@link java.time.Clock}
   * @return the source itself if it has both clocks; else one that takes the time of day from it
   *     and the monotonic time from the machine
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
