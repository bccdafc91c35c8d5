package de.lifetimecircle.secrets;

import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;

/** The time of a clock with another timer. */
record ClockWithTimer(TimeSource clock, ScheduledExecutorService timer) implements TimeSource {
  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }
}
