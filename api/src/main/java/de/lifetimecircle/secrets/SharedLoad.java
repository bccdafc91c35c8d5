package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one load of a key that all its readers wait for. Its call is made by a worker, or kept for
 * the first reader that waits (see {@link CallExecutor}).
 *
 * <p>It is made inside the monitor of its entry and begun after that (see {@link EntryLoads}).
 */
final class SharedLoad<T> extends CompletableFuture<T>
    implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private final Entry<T> entry;
  private final Function<Patience, CallExecutor.Call<T>> load;
  private final Patience patience;

  /** The generation of the entry in which it was made. */
  final long generation;

  /** When it was made, which is before the backend is asked. */
  final ClockReading asked;

  /**
   * Whether somebody asked for it by a refresh, who may take any version; guarded by the monitor.
   */
  boolean isRefresh;

  /** A load that was made before this one and is not begun either; guarded by the monitor. */
  @Nullable SharedLoad<T> madeBefore;

  private final long begun = System.nanoTime();
  private final @Nullable Consumer<@Nullable SecretException> recording;
  private final Thread maker = Thread.currentThread();
  private volatile CallExecutor.@Nullable Call<T> kept;

  // Begun when this one has landed, each once for all who ask for it; guarded by the entry's
  // monitor.
  private @Nullable CompletableFuture<T> following;
  private @Nullable CompletableFuture<T> nextRefresh;

  SharedLoad(
      Entry<T> entry,
      Function<Patience, CallExecutor.Call<T>> load,
      Patience patience,
      ClockReading asked,
      long generation,
      @Nullable SharedLoad<T> madeBefore) {
    this.entry = entry;
    this.load = load;
    this.patience = patience;
    this.asked = asked;
    this.generation = generation;
    this.madeBefore = madeBefore;
    this.recording = entry.host.recording(patience);
  }

  /** The same, as asked for by a refresh; called where it is made. */
  SharedLoad<T> asRefresh() {
    isRefresh = true;
    return this;
  }

  boolean isOfThisThread() {
    return Thread.currentThread().equals(maker);
  }

  /** Begins the load; called once, by its maker, outside of the entry's monitor. */
  void start() {
    CallExecutor.Call<T> call = load.apply(patience);
    CompletableFuture<T> unused = call.result.whenComplete(this);
    if (patience == Patience.WAITING && call.isForReaders()) {
      kept = call;
    } else {
      call.attempt();
    }
  }

  /** Makes the call on this thread, which is about to wait for it, unless another has taken it. */
  void makeHere() {
    CallExecutor.Call<T> call = kept;
    if (call != null) {
      call.makeHere();
    }
  }

  /** What the load brings; if it fails, what the entry serves by then, if anything. */
  CompletableFuture<T> orServed() {
    return handle(
        (value, thrown) -> {
          T served = value != null ? value : entry.served;
          if (served == null) {
            throw CallExecutor.failure(thrown);
          }
          return served;
        });
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
      completeExceptionally(CallExecutor.failure(error));
    }
  }

  /** The call has its result: the load lands. */
  @Override
  public void accept(@Nullable T value, @Nullable Throwable thrown) {
    try {
      SecretException error = value != null ? null : CallExecutor.failure(thrown);
      if (recording != null) {
        recording.accept(error);
      }
      entry.host.loaded(patience, begun, error);
      CompletableFuture<T> newer = entry.land(this, value, error);
      entry.host.announce();
      answer(newer, value, error);
    } catch (Throwable defect) { // a defect of ours may not leave readers waiting
      completeExceptionally(CallExecutor.failure(defect));
    }
  }
}
