package de.lifetimecircle.secrets.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns to log in: so many threads at once, the others in the order in which they came.
 *
 * <p>A database may hang, or answer slowly. If no turn has ended for {@link #PATIENCE}, the first
 * that waits takes one more, which goes on to the next when its login ends. So one login that hangs
 * stops no other thread for long, and a database that delays its refusals sees a second wrong
 * login, not one from each thread. If the queue moves but is long, whoever has waited for {@link
 * #LONGEST_WAIT} takes one more, too: again one for all within {@code PATIENCE}.
 *
 * <p>Not a fair semaphore: a thread that looks now and then whether the queue moves would join it
 * at its end again.
 *
 * <p>Safe for use by several threads. Lock: {@code lock}, held only to look at the state, never
 * during I/O. Invariants: a turn that ends goes to the first that waits, so {@code free} is 0 while
 * any does; {@code more} turns exist beyond those that were set, and go when no thread waits.
 */
final class LoginThrottle {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private int free;
  private int more;

  /** When a turn ended last, or a waiting thread took one more. */
  private long moved = System.nanoTime();

  /** When a waiting thread took one more. */
  private long grown = moved - PATIENCE.toNanos();

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
  LoginThrottle(int atOnce) {
    this.free = atOnce;
  }

  /**
   * Waits for a turn, which the caller must {@link #end}.
   *
   * @throws InterruptedException if the caller is interrupted while it waits; it has no turn then
   */
  void await() throws InterruptedException {
    lock.lock(); // an interrupted thread may have a turn that is free
    try {
      if (free > 0) {
        free--;
        return;
      }
      Waiter waiter = new Waiter(lock.newCondition());
      waiters.add(waiter);
      await(waiter);
    } finally {
      lock.unlock();
    }
  }

  private void await(Waiter waiter) throws InterruptedException {
    long begun = System.nanoTime();
    try {
      while (!waiter.hasTurn) {
        long now = System.nanoTime();
        long still = Math.min(now - begun, now - moved);
        boolean isStuck = still >= PATIENCE.toNanos() && waiter.equals(waiters.peek());
        boolean isLate = now - begun >= LONGEST_WAIT.toNanos() && now - grown >= PATIENCE.toNanos();
        if (isStuck || isLate) {
          more++;
          moved = now;
          grown = now;
          waiter.hasTurn = true;
        } else {
          long left = Math.min(PATIENCE.toNanos() - still, LONGEST_WAIT.toNanos() - (now - begun));
          // One that may not yet looks again a little later.
          long unused = waiter.given.awaitNanos(left > 0 ? left : PATIENCE.toNanos() / 20);
        }
      }
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
      moved = System.nanoTime();
      Waiter next = waiters.poll();
      if (next != null) {
        next.hasTurn = true;
        next.given.signal();
      } else if (more > 0) {
        more--;
      } else {
        free++;
      }
    } finally {
      lock.unlock();
    }
  }
}
