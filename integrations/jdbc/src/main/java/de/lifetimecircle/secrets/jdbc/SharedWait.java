package de.lifetimecircle.secrets.jdbc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that wait for a new password share one that asks the backend for it.
 *
 * <p>Safe for use by several threads. State: the answer of the caller that asks, or none. No lock.
 */
final class SharedWait {
  private final AtomicReference<@Nullable CompletableFuture<Boolean>> asking =
      new AtomicReference<>();

  /**
   * Waits for the next answer: asks for it after a pause if no other thread does.
   *
   * @param pause how long to wait before asking, in nanoseconds
   * @param most how long to wait for another caller's answer, in nanoseconds
   * @param ask asks the backend; its exception is that of the caller that asks
   * @throws InterruptedException if the caller is interrupted
   */
  void next(long pause, long most, Runnable ask) throws InterruptedException {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> first = asking.compareAndExchange(null, mine);
    if (first != null) {
      await(first, most);
      return;
    }
    try {
      await(mine, pause); // for the whole pause: only this caller answers
      ask.run();
    } finally {
      asking.set(null);
      mine.complete(true);
    }
  }

  private static void await(CompletableFuture<Boolean> answer, long nanos)
      throws InterruptedException {
    try {
      Boolean unused = answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The time is over.
    }
  }
}
