package de.lifetimecircle.secrets.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * When this machine woke a thread late, and by how much: a cache cannot be more punctual than that.
 */
final class ChaosLateness implements AutoCloseable {
  private static final long EVERY = Duration.ofMillis(5).toNanos();

  /** Less than that is no news. */
  private static final long NOTED = Duration.ofMillis(2).toNanos();

  private record Stall(long from, long to) {}

  private final List<Stall> stalls = new ArrayList<>();
  private volatile boolean isOver;

  ChaosLateness() {
    Thread thread = new Thread(this::look, "chaos-lateness");
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    while (!isOver) {
      long before = System.nanoTime();
      LockSupport.parkNanos(EVERY);
      long now = System.nanoTime();
      if (now - before - EVERY > NOTED) {
        note(new Stall(before + EVERY, now));
      }
    }
  }

  private synchronized void note(Stall stall) {
    stalls.add(stall);
  }

  /** The longest delay between two moments, in nanoseconds. */
  synchronized long worst(long from, long to) {
    long worst = 0;
    for (Stall stall : stalls) {
      worst = Math.max(worst, Math.min(stall.to(), to) - Math.max(stall.from(), from));
    }
    return worst;
  }

  /** The longest delay of all. */
  long worst() {
    return worst(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Override
  public void close() {
    isOver = true;
  }
}
