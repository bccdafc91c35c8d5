package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition that only other threads can bring about. */
public final class ConditionWait {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ConditionWait() {}

  /** Returns as soon as the condition holds, and fails the test if it never does. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited " + PATIENCE + " in vain until " + what);
      }
      Thread.onSpinWait();
    }
  }
}
