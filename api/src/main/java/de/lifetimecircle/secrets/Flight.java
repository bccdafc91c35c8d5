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
      entry.owner.announce();
      Calls.answer(this, newer, value, error);
    } catch (Throwable defect) { // a defect of ours may not leave readers waiting
      completeExceptionally(Calls.failure(defect));
    }
  }
}
