package de.lifetimecircle.secrets.stress;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How late this machine wakes a thread at worst: a cache cannot keep an age more exactly than that.
 * Measured beside the cache, on a timer of its own, so that a cache that holds its timer up is not
 * excused by it.
 */
final class Lateness implements AutoCloseable {
  private static final long EVERY_NANOS = 5_000_000;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong worst = new AtomicLong();
  private long last = System.nanoTime();

  Lateness() {
    var unused =
        timer.scheduleWithFixedDelay(this::look, EVERY_NANOS, EVERY_NANOS, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    worst.accumulateAndGet(now - last - EVERY_NANOS, Math::max);
    last = now;
  }

  /** The worst so far, in nanoseconds. */
  long worst() {
    return worst.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
