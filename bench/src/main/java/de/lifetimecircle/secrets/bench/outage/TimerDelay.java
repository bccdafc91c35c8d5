package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.bench.loopback.RealPause;

/**
 * Measures how late this machine wakes a thread at worst, which adds to every age and every
 * deadline. Safe for use by several threads.
 */
final class TimerDelay implements AutoCloseable {
  private static final long PERIOD = 2_000_000;

  private final Thread thread = new Thread(this::watch, "lateness");
  private volatile long worst;
  private volatile boolean closed;

  TimerDelay() {
    thread.setDaemon(true);
    thread.start();
  }

  /** The worst so far, in nanoseconds. */
  long worst() {
    return worst;
  }

  private void watch() {
    try {
      while (!closed) {
        long due = System.nanoTime() + PERIOD;
        RealPause.nanos(PERIOD);
        worst = Math.max(worst, System.nanoTime() - due);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
