package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets readers wait for another version of a name. A name that somebody waits for is kept fresh by
 * the provider, so a rotation is noticed within its {@code soft-age}, or at once where somebody
 * refreshes it. Safe for use by several threads.
 *
 * <p>Each waiting reader holds a connection. Where too many wait, and after {@link #close}, a wait
 * ends at once, as if its time was over: the reader then asks again by itself.
 */
final class ChangeWaits implements AutoCloseable {
  private final SecretProvider provider;
  private final Semaphore room;

  /** One for each reader that waits; a permit wakes it. */
  private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * Waits for changes of this provider's names.
   *
   * @param most how many readers may wait at once
   */
  ChangeWaits(SecretProvider provider, int most) {
    this.provider = provider;
    this.room = new Semaphore(most);
  }

  /**
   * Waits until the current version is not one that the reader has, at most that long.
   *
   * @throws de.lifetimecircle.secrets.SecretException as a read, if there is no version at all
   */
  void untilChanged(String name, Predicate<String> isHeld, Duration most) {
    if (!room.tryAcquire()) {
      return;
    }
    Semaphore changed = new Semaphore(0);
    waiting.add(changed);
    try {
      await(name, isHeld, most, changed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.remove(changed);
      room.release();
    }
  }

  private void await(String name, Predicate<String> isHeld, Duration most, Semaphore changed)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    // The listener first: a rotation between the read and the wait must not be missed.
    try (SecretListener.Registration unused = provider.onChange(name, event -> changed.release())) {
      while (!closed && isHeld.test(provider.get(name).version())) {
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
    waiting.forEach(Semaphore::release);
  }
}
