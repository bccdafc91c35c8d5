package de.lifetimecircle.secrets;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each caller of {@code getAsync} a future of its own, which fails only with a {@link
 * SecretException}. It is not a dependent stage that throws: callbacks on a stage like that get the
 * exception in a wrapper, while callbacks on a future that failed directly do not. Stateless.
 */
final class AsyncAnswers {
  private final Executor callbacks;
  private final EngineMetrics metrics;

  AsyncAnswers(Executor callbacks, EngineMetrics metrics) {
    this.callbacks = callbacks;
    this.metrics = metrics;
  }

  /**
   * Returns a future for one caller. The caller's callbacks must block neither the timer nor a
   * reader.
   */
  CompletableFuture<Secret> of(CompletableFuture<Secret> answer) {
    CompletableFuture<Secret> result = new CompletableFuture<>();
    BiConsumer<@Nullable Secret, @Nullable Throwable> settle =
        (secret, thrown) -> settle(result, secret, thrown);
    CompletableFuture<Secret> unused =
        answer.isDone()
            ? answer.whenComplete(settle)
            : answer.whenCompleteAsync(settle, this::runCallback);
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

  /** On a thread for callbacks; here if there is none, since nobody may wait for ever. */
  private void runCallback(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RuntimeException | OutOfMemoryError e) { // rejected, or no thread can be started
      task.run();
    }
  }
}
