package de.lifetimecircle.secrets.internal.events;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each caller of {@code getAsync} a future of its own, which fails only with a {@link
 * SecretException}. It is not a dependent stage that throws: callbacks on a stage like that get the
 * exception in a wrapper, while callbacks on a future that failed directly do not. Stateless.
 */
public record CallerFutures(Executor callbacks, EngineMetrics metrics) {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * Returns a future for one caller. Completing it runs the caller's callbacks, which may take any
   * time and may wait for other answers. So it is completed on neither the timer nor a worker, but
   * on one of the threads that become more while callbacks take long.
   */
  public CompletableFuture<Secret> of(CompletableFuture<Secret> answer) {
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
    while (true) {
      try {
        if (answer != null) {
          result.complete(metrics.read(answer));
        } else {
          result.completeExceptionally(EngineAccess.types().again(CallExecutor.failure(thrown)));
        }
        return;
      } catch (OutOfMemoryError e) { // no other thread completes it, and the caller waits
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** On a thread for callbacks; here if that is refused, since no caller may wait for ever. */
  private void runCallback(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RuntimeException | Error e) { // the provider is closed, or the executor a given one
      task.run();
    }
  }
}
