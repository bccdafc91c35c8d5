package de.lifetimecircle.secrets.bench.loopback;

import java.util.concurrent.locks.LockSupport;

/** Lets real time pass: a harness measures it, and has no ticker to move. */
public final class RealPause {
  private RealPause() {}

  /**
   * Blocks the thread for that long.
   *
   * @throws InterruptedException if it is interrupted meanwhile
   */
  public static void nanos(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted in a pause");
      }
    }
  }

  /**
   * Blocks the thread for that many milliseconds.
   *
   * @throws InterruptedException if it is interrupted meanwhile
   */
  public static void millis(long millis) throws InterruptedException {
    nanos(millis * 1_000_000);
  }
}
