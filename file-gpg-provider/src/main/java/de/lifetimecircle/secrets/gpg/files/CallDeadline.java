package de.lifetimecircle.secrets.gpg.files;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Until when a call may take. Immutable.
 *
 * @param span how long the lock may take, from the start
 * @param end the time of {@link System#nanoTime} at which it has passed
 * @param timeout the time that the whole call has
 */
public record CallDeadline(Duration span, long end, Duration timeout) {
  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  /** The longest time that a call leaves for its own message. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static CallDeadline of(Duration span, Duration timeout) {
    long nanos = span.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE / 4 : span.toNanos();
    return new CallDeadline(span, System.nanoTime() + nanos, timeout);
  }

  /** Returns a deadline that is reached after that time. */
  public static CallDeadline after(Duration timeout) {
    return of(timeout, timeout);
  }

  /**
   * Returns a deadline that is reached a little before that time. The caller gives up after that
   * time with a message that knows nothing of the lock; ours must come first.
   */
  public static CallDeadline within(Duration timeout) {
    Duration tenth = timeout.dividedBy(10);
    return of(timeout.minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN), timeout);
  }

  /** Returns a deadline that is as far away now as this one was at first. */
  public CallDeadline fromNow() {
    return of(span, timeout);
  }

  /** Returns the nanoseconds that are left; 0 if the deadline has passed. */
  long left() {
    return Math.max(0, end - System.nanoTime());
  }

  /** One attempt to acquire a lock. */
  @FunctionalInterface
  interface Attempt {
    boolean succeeds() throws IOException;
  }

  /**
   * Repeats the attempt, with short pauses that grow, until it succeeds.
   *
   * @param holder the holder of the lock, for the message if this deadline passes first
   */
  void await(String holder, Attempt attempt) throws IOException {
    long pause = FIRST_PAUSE;
    while (!attempt.succeeds()) {
      if (left() == 0) {
        throw GpgErrors.locked(holder, timeout);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailure.interrupted();
      }
      LockSupport.parkNanos(Math.min(pause, left()));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}
