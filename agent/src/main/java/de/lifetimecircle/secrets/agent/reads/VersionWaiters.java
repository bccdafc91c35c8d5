package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets readers wait for another version of a name. A name that a reader waits for is kept fresh by
 * the provider, so a rotation is noticed within its {@code soft-age}, or at once where a caller
 * refreshes it. Safe for use by several threads.
 *
 * <p>Each waiting reader holds a connection. Where too many wait, and after {@link #close}, a wait
 * ends at once, as if its time was over: the reader then asks again by itself. Those of one user
 * take half of his connections at most, so that he can always read.
 */
public final class VersionWaiters implements AutoCloseable {
  private final SecretProvider provider;
  private final ServerLimits limits;
  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * Waits for changes of this provider's names.
   *
   * @param limits how many readers may wait at once, and how many of one user
   */
  public VersionWaiters(SecretProvider provider, ServerLimits limits) {
    this.provider = provider;
    this.limits = limits;
  }

  /** A reader that waits; a permit wakes it. */
  private record Waiter(String user, Semaphore changed) {}

  /**
   * Waits until the current version is not one that the reader has, at most that long.
   *
   * @param user whose connection it is
   * @throws de.lifetimecircle.secrets.SecretException as a read, if there is no version at all
   */
  public void untilChanged(String user, String name, Predicate<Secret> isHeld, Duration most) {
    Waiter waiter = new Waiter(user, new Semaphore(0));
    if (!hasRoom(waiter)) {
      return;
    }
    try {
      await(name, isHeld, most, waiter.changed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.remove(waiter);
    }
  }

  /** Counts the reader among those that wait, if there is room for it. */
  private synchronized boolean hasRoom(Waiter waiter) {
    long ofUser = waiting.stream().filter(each -> each.user().equals(waiter.user())).count();
    return waiting.size() < limits.waiting()
        && ofUser < limits.waitingOfUser()
        && waiting.add(waiter);
  }

  private void await(String name, Predicate<Secret> isHeld, Duration most, Semaphore changed)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    // The listener first: a rotation between the read and the wait must not be missed.
    try (SecretListener.Registration unused = provider.onChange(name, event -> changed.release())) {
      while (!closed && isHeld.test(provider.get(name))) {
        long left = end - System.nanoTime();
        if (left <= 0 || !changed.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    }
  }

  /** Ends every wait; the readers get what is current, and the agent need not wait for them. */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(waiter -> waiter.changed().release());
  }
}
