package de.lifetimecircle.secrets;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What callers of {@code getAsync} get: a future of their own that fails with a {@link
 * SecretException}, whatever fails and whenever. Not a stage that throws: what is added to such a
 * one gets the exception in a wrapper, and what is added to a future that failed at once does not.
 * Stateless.
 */
final class AsyncAnswers {
  private final Executor events;
  private final EngineMetrics metrics;

  AsyncAnswers(Executor events, EngineMetrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  /**
   * A future for one caller. What the caller adds to it may hold neither the timer nor a reader.
   */
  CompletableFuture<Secret> of(CompletableFuture<Secret> answer) {
    CompletableFuture<Secret> result = new CompletableFuture<>();
    BiConsumer<@Nullable Secret, @Nullable Throwable> settle =
        (secret, thrown) -> settle(result, secret, thrown);
    CompletableFuture<Secret> unused =
        answer.isDone()
            ? answer.whenComplete(settle)
            : answer.whenCompleteAsync(settle, this::runAsEvent);
    return result;
  }

  private void settle(
      CompletableFuture<Secret> result, @Nullable Secret answer, @Nullable Throwable thrown) {
    if (answer != null) {
      result.complete(metrics.read(answer));
    } else {
      result.completeExceptionally(CallExecutor.failure(thrown).again());
    }
  }

  /** On a thread for listeners; here if there is none, since nobody may wait for ever. */
  private void runAsEvent(Runnable task) {
    try {
      events.execute(task);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      task.run();
    }
  }
}
