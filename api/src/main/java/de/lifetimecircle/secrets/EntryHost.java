package de.lifetimecircle.secrets;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an entry reaches the cache it belongs to. {@code stopsServing}, {@code weighs}, {@code
 * publishes}, {@code refreshFailed}, {@code expired}, {@code overtaken} and {@code remove} are
 * called inside the entry's monitor: they record and return (see the lock order in {@link Entry}).
 */
interface EntryHost<T> {
  /** Prepares a load; the entry begins it. */
  CallExecutor.Call<T> load(CallExecutor.Patience patience);

  /**
   * A load begins, on the thread that asked for it; returns a consumer of its end, if there is one.
   * Called outside the monitor.
   */
  default @Nullable Consumer<@Nullable SecretException> recording(CallExecutor.Patience patience) {
    return null;
  }

  /** A load that began then, by {@link System#nanoTime}, has ended; with null for a success. */
  default void loaded(
      CallExecutor.Patience patience, long begun, @Nullable SecretException error) {}

  /** The answer as a later reader gets it. */
  T cached(T fresh);

  /** The answer as a reader gets it past its age. */
  T stale(T fresh, String reason);

  /** The answer with what another one shows of it. */
  default T amended(T held, Secret news) {
    return held;
  }

  /** Returns the parts that all entries share. */
  EntryParts parts();

  /** The time by both clocks. */
  ClockReading now();

  /**
   * The entry whose refreshes bring those of this one while it serves; null if there is none.
   * Called inside the monitor; of the leader only volatile fields are read there.
   */
  default @Nullable Entry<?> leader() {
    return null;
  }

  /** The entry serves nothing any more until it is read. */
  default void stopsServing() {}

  /** An answer was published, or a held answer was dropped. */
  default void weighs(@Nullable T before, @Nullable T after) {}

  /** An answer is about to be published: records it, and brings what follows from it up to it. */
  default void publishes(@Nullable T before, T fresh) {}

  /** Records that a refresh failed while an answer is held. */
  default void refreshFailed(T held, SecretException error) {}

  /** Records that a held answer passed max-stale. */
  default void expired(T held) {}

  /** Records that the backend was changed on purpose, so that any version may come next. */
  default void overtaken(@Nullable T held) {}

  /** Tells what was recorded. */
  default void announce() {}

  /** Overwrites what nobody may read any more. */
  void overwrite(T held);

  /** Takes the retired entry out of the cache. */
  void remove(Entry<T> entry);
}
