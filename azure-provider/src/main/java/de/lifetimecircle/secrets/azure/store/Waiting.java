package de.lifetimecircle.secrets.azure.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the service says that something is done, and not longer than a call may take. An
 * interrupt ends it. Used once, by one thread.
 */
public final class Waiting {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 1_000;

  private final long deadline;

  /**
   * Begins to count.
   *
   * @param timeout how long the whole call may take; a tenth of it is left for the message, which
   *     would else come later than that of the pipeline's deadline
   */
  public Waiting(Duration timeout) {
    this.deadline = System.nanoTime() + timeout.toNanos() / 10 * 9;
  }

  /**
   * Asks, in growing intervals, until the answer is yes.
   *
   * @param late the failure when the time is over
   */
  public void until(BooleanSupplier done, Supplier<StoreFailure> late) {
    long pause = FIRST_MILLIS;
    while (!done.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw late.get();
      }
      pause(Math.min(pause, left));
      pause = Math.min(pause * 2, LONGEST_MILLIS);
    }
  }

  /**
   * Sends a request, and repeats it while the service refuses it because of an operation that is
   * still running. A refused request changed nothing, so repeating it is safe.
   */
  void untilTaken(Runnable request) {
    AtomicReference<@Nullable StoreFailure> refused = new AtomicReference<>();
    until(
        () -> {
          try {
            request.run();
            return true;
          } catch (StoreFailure e) {
            if (e.kind() != Kind.PENDING_DELETION || !e.isRetryable()) {
              throw e;
            }
            refused.set(e);
            return false;
          }
        },
        () -> Objects.requireNonNull(refused.get()));
  }

  /** Says that something was taken and not seen to be done within the time. */
  static StoreFailure late(String pending) {
    return StoreFailure.of(
        Kind.TIMEOUT,
        pending,
        "It goes on at the service: look again in some seconds, or raise 'timeout'");
  }

  private static void pause(long millis) {
    try {
      // No code counts it down: an interrupt is what ends it early.
      boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
  }
}
