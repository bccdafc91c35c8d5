package de.lifetimecircle.secrets.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns to log in: so many threads at once, the others in the order in which they came.
 *
 * <p>If no turn has ended for {@link #PATIENCE}, the database hangs, and whoever waits goes on
 * without a turn; after {@link #LONGEST_WAIT} also if the queue is only long. Not a fair semaphore:
 * a thread that looks every {@code PATIENCE} whether the queue moves would join it at its end
 * again.
 *
 * <p>Safe for use by several threads. Lock: {@code lock}, held only to look at the state, never
 * during I/O. A turn that ends goes to the first that waits, so {@code free} is 0 while any does.
 */
final class LoginTurns {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private int free;
  private long lastEnd = System.nanoTime();

  /** A thread that waits. Guarded by {@code lock}. */
  private static final class Waiter {
    private final Condition given;
    private boolean hasTurn;

    private Waiter(Condition given) {
      this.given = given;
    }
  }

  /**
   * Creates turns.
   *
   * @param atOnce how many threads may have one at the same time
   */
  LoginTurns(int atOnce) {
    this.free = atOnce;
  }

  /**
   * Waits for a turn.
   *
   * @return whether the caller has a turn, which it must {@link #end}; false if it shall go on
   *     without one
   * @throws InterruptedException if the caller is interrupted; it has no turn then
   */
  boolean await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (free > 0) {
        free--;
        return true;
      }
      Waiter waiter = new Waiter(lock.newCondition());
      waiters.add(waiter);
      return isGiven(waiter);
    } finally {
      lock.unlock();
    }
  }

  private boolean isGiven(Waiter waiter) throws InterruptedException {
    long begun = System.nanoTime();
    long left = PATIENCE.toNanos();
    try {
      while (!waiter.hasTurn && left > 0) {
        long unused = waiter.given.awaitNanos(left);
        long now = System.nanoTime();
        long still = Math.min(now - begun, now - lastEnd);
        left = Math.min(PATIENCE.toNanos() - still, LONGEST_WAIT.toNanos() - (now - begun));
      }
      return waiter.hasTurn;
    } catch (InterruptedException e) {
      if (waiter.hasTurn) { // given between the interruption and the lock
        end();
      }
      throw e;
    } finally {
      waiters.remove(waiter);
    }
  }

  /** Ends a turn, and gives it to the first that waits. */
  void end() {
    lock.lock();
    try {
      lastEnd = System.nanoTime();
      Waiter next = waiters.poll();
      if (next == null) {
        free++;
      } else {
        next.hasTurn = true;
        next.given.signal();
      }
    } finally {
      lock.unlock();
    }
  }
}
