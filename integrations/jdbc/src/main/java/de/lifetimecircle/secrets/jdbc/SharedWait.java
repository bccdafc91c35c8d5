package de.lifetimecircle.secrets.jdbc;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets callers that wait for a new password share one that asks the backend for it.
 *
 * <p>Safe for use by several threads. Lock: {@code lock}, held only to look at the state, never
 * during I/O. States: nobody asks, or one caller does; {@code answers} counts the ends of asking,
 * and each end wakes the others.
 */
final class SharedWait {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  private boolean isAsking;
  private long answers;

  /**
   * Waits for the next answer: asks for it after a pause if nobody else does.
   *
   * @param pause how long to wait before asking, in nanoseconds
   * @param most how long to wait for another caller's answer, in nanoseconds
   * @param ask asks the backend; its exception is that of the caller that asks
   * @throws InterruptedException if the caller is interrupted
   */
  void next(long pause, long most, Runnable ask) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (isAsking) {
        awaitOthers(most);
        return;
      }
      isAsking = true;
    } finally {
      lock.unlock();
    }
    try {
      rest(pause);
      ask.run();
    } finally {
      lock.lock();
      try {
        isAsking = false;
        answers++;
        answered.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void awaitOthers(long most) throws InterruptedException {
    long before = answers;
    long left = most;
    while (before == answers && left > 0) {
      left = answered.awaitNanos(left);
    }
  }

  private void rest(long pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long end = System.nanoTime() + pause;
      long left = pause;
      while (left > 0) {
        long unused = answered.awaitNanos(left);
        left = end - System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }
}
