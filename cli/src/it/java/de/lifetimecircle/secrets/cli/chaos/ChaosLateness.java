package de.lifetimecircle.secrets.cli.chaos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How late this machine wakes a thread at worst: a cache cannot be more punctual than that. */
final class ChaosLateness implements AutoCloseable {
  private static final long EVERY_NANOS = 5_000_000;

  private final AtomicLong worst = new AtomicLong();
  private volatile boolean isOver;

  ChaosLateness() {
    Thread thread = new Thread(this::look, "chaos-lateness");
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    while (!isOver) {
      long before = System.nanoTime();
      LockSupport.parkNanos(EVERY_NANOS);
      worst.accumulateAndGet(System.nanoTime() - before - EVERY_NANOS, Math::max);
    }
  }

  /** The worst so far, in nanoseconds. */
  long worst() {
    return worst.get();
  }

  @Override
  public void close() {
    isOver = true;
  }
}
