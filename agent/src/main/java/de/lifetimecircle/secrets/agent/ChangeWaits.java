package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets readers wait for another version of a name. A name that somebody waits for is kept fresh by
 * the provider, so a rotation is noticed within its {@code soft-age}, or at once where somebody
 * refreshes it. Safe for use by several threads.
 */
final class ChangeWaits {
  private final SecretProvider provider;

  ChangeWaits(SecretProvider provider) {
    this.provider = provider;
  }

  /**
   * Waits until the current version is not one that the reader has, at most that long.
   *
   * @throws de.lifetimecircle.secrets.SecretException as a read, if there is no version at all
   */
  void untilChanged(String name, Predicate<String> isHeld, Duration most) {
    Semaphore changed = new Semaphore(0);
    long end = System.nanoTime() + most.toNanos();
    // The listener first: a rotation between the read and the wait must not be missed.
    try (SecretListener.Registration unused = provider.onChange(name, event -> changed.release())) {
      while (isHeld.test(provider.get(name).version())) {
        long left = end - System.nanoTime();
        if (left <= 0 || !changed.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
