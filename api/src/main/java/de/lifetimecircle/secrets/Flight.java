package de.lifetimecircle.secrets;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one load of a key that all its readers wait for. Its call is made by a worker, or kept for
 * the first reader that waits (see {@link Calls}).
 */
final class Flight<T> extends CompletableFuture<T>
    implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private final Entry<T> entry;
  private final long begunUnder;
  private final Calls.Patience patience;
  private final long begun = System.nanoTime();
  private final @Nullable Consumer<@Nullable SecretException> recording;
  private volatile Calls.@Nullable Call<T> kept;

  // Begun when this one has landed, each once for all who ask for it; guarded by the entry's
  // monitor.
  private @Nullable CompletableFuture<T> following;
  private @Nullable CompletableFuture<T> nextRefresh;

  /**
   * A flight of that entry.
   *
   * @param begunUnder the generation in which it began
   */
  Flight(Entry<T> entry, long begunUnder, Calls.Patience patience) {
    this.entry = entry;
    this.begunUnder = begunUnder;
    this.patience = patience;
    this.recording = entry.owner.recording(patience);
  }

  /** Keeps the call for a reader; set before the flight can be seen. */
  void keep(Calls.Call<T> call) {
    kept = call;
  }

  /** Makes the call on this thread, which is about to wait for it, unless another has taken it. */
  void makeHere() {
    Calls.Call<T> call = kept;
    if (call != null) {
      call.makeHere();
    }
  }

  /** The load after this one, for those this one is too old for. */
  CompletableFuture<T> following() {
    if (following == null) {
      following = handle((value, thrown) -> null).thenCompose(landed -> entry.follow());
    }
    return following;
  }

  /** The refresh after this one, for those who asked since it began. */
  CompletableFuture<T> nextRefresh() {
    if (nextRefresh == null) {
      nextRefresh = handle((value, thrown) -> null).thenCompose(landed -> entry.refreshNext());
    }
    return nextRefresh;
  }

  /** Answers by what is newer, if that brings anything, else by the value, else by the failure. */
  private void answer(
      @Nullable CompletableFuture<T> newer, @Nullable T value, @Nullable SecretException error) {
    if (newer != null) {
      CompletableFuture<T> unused =
          newer.whenComplete((v, failed) -> answer(null, v != null ? v : value, error));
    } else if (value != null) {
      complete(value);
    } else {
      completeExceptionally(Calls.failure(error));
    }
  }

  /** The call has its result: the flight lands. */
  @Override
  public void accept(@Nullable T value, @Nullable Throwable thrown) {
    try {
      SecretException error = value != null ? null : Calls.failure(thrown);
      if (recording != null) {
        recording.accept(error);
      }
      entry.owner.loaded(patience, begun, error);
      CompletableFuture<T> newer = entry.land(this, begunUnder, value, error);
      // A call that could not even begin fails inside the monitor, where nobody may be told.
      if (error == null || !Thread.holdsLock(entry)) {
        entry.owner.announce();
      }
      answer(newer, value, error);
    } catch (Throwable defect) { // a defect of ours may not leave readers waiting
      completeExceptionally(Calls.failure(defect));
    }
  }
}
