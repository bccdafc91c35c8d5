package de.lifetimecircle.secrets;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An entry's answer to a reader that found nothing served: the held answer, a failure, or a load
 * that brings the answer. Safe for use by several threads.
 */
final class EntryAnswer<T> {
  private final CompletableFuture<T> future;

  /** The load that brings it; null if the answer is there already. */
  private final @Nullable SharedLoad<T> load;

  private EntryAnswer(CompletableFuture<T> future, @Nullable SharedLoad<T> load) {
    this.future = future;
    this.load = load;
  }

  static <T> EntryAnswer<T> of(T value) {
    return new EntryAnswer<>(CompletableFuture.completedFuture(value), null);
  }

  static <T> EntryAnswer<T> failed(SecretException failure) {
    return new EntryAnswer<>(CompletableFuture.failedFuture(failure), null);
  }

  /** Returns an answer that is the load's result. */
  static <T> EntryAnswer<T> by(SharedLoad<T> load) {
    return new EntryAnswer<>(load, load);
  }

  /** Returns an answer that follows from the load. */
  static <T> EntryAnswer<T> after(SharedLoad<T> load, CompletableFuture<T> future) {
    return new EntryAnswer<>(future, load);
  }

  /**
   * Begins the load, unless somebody has; called outside of the entry's monitor.
   *
   * @param patience WAITING if this thread calls {@link #join} next
   */
  EntryAnswer<T> begin(CallExecutor.Patience patience) {
    if (load != null) {
      load.begin(patience);
    }
    return this;
  }

  /** The answer for those who do not wait for it. */
  CompletableFuture<T> future() {
    return future;
  }

  /**
   * Waits for the answer, at most until the deadline of the load; makes the call of the load on
   * this thread if it is kept for a reader.
   */
  T join(String action, String name) {
    if (load != null) {
      load.makeHere();
    }
    return CallExecutor.await(future, action, name);
  }
}
