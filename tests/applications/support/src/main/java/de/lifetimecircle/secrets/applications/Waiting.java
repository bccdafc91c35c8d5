package de.lifetimecircle.secrets.applications;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for other processes. Stateless. */
public final class Waiting {
  /** The slowest, an alert on its way, takes seconds; on a busy machine a minute was too short. */
  private static final Duration PATIENCE = Duration.ofSeconds(200);

  private Waiting() {}

  /** Waits that long. */
  public static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /**
   * Waits until a condition holds, with a patience for busy machines; returns the milliseconds.
   *
   * @param what the condition, for the message
   */
  public static long until(String what, Callable<Boolean> holds) throws Exception {
    long millis = within(PATIENCE, holds);
    if (millis < 0) {
      throw new AssertionError("Waited " + PATIENCE.toSeconds() + " s for " + what);
    }
    return millis;
  }

  /** Waits until a condition holds; returns the milliseconds, or -1 if it did not in that time. */
  public static long within(Duration limit, Callable<Boolean> holds) throws Exception {
    long begin = System.nanoTime();
    while (!holds.call()) {
      if (System.nanoTime() - begin > limit.toNanos()) {
        return -1;
      }
      pause(Duration.ofMillis(20));
    }
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
