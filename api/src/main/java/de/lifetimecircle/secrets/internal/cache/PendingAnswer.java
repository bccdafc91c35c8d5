package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A slot's answer to a reader that found nothing served: the held answer, a failure, or a load that
 * brings the answer. Safe for use by several threads.
 *
 * @param future the answer for those who do not wait for it
 * @param load the load that brings it; null if the answer is there already
 */
public record PendingAnswer<T>(CompletableFuture<T> future, @Nullable Load<T> load) {
  public static <T> PendingAnswer<T> of(T value) {
    return new PendingAnswer<>(CompletableFuture.completedFuture(value), null);
  }

  public static <T> PendingAnswer<T> failed(SecretException failure) {
    return new PendingAnswer<>(CompletableFuture.failedFuture(failure), null);
  }

  /** Returns an answer that is the load's result. */
  static <T> PendingAnswer<T> by(Load<T> load) {
    return new PendingAnswer<>(load, load);
  }

  /** Returns an answer that follows from the load. */
  static <T> PendingAnswer<T> after(Load<T> load, CompletableFuture<T> future) {
    return new PendingAnswer<>(future, load);
  }

  /** Begins the load, unless another thread has; called outside of the monitor. */
  PendingAnswer<T> begin() {
    if (load != null) {
      load.begin();
    }
    return this;
  }

  /** The same for a reader to whom it matters when it comes. */
  public CompletableFuture<T> urgent() {
    if (load != null) {
      load.hurry();
    }
    return future;
  }

  /** Waits for the answer, at most until the deadline of the load. */
  public T join(String action, String name) {
    return CallExecutor.await(urgent(), action, name);
  }
}
