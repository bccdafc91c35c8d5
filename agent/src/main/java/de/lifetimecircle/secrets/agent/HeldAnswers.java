package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers of the backend that callers share. For each key one load runs at a time, all callers who
 * come meanwhile wait for it, and its answer is held for a short time after it began. A failure
 * reaches those who wait for it, and is never held. Safe for use by several threads.
 *
 * <p>A load belongs to the thread that runs it first ({@link FutureTask}). It is in the map before
 * it runs, and no thread asks the backend while it holds a bin of the map. A load leaves the map
 * only when it has ended, so there is never a second one beside it.
 *
 * @param <T> an immutable answer
 */
final class HeldAnswers<T> {
  /** How many keys are held; callers choose the keys, and an answer can be long. */
  private static final int MOST = 64;

  private final long held;
  private final LongSupplier clock;
  private final ConcurrentMap<String, Load<T>> loads = new ConcurrentHashMap<>();

  /**
   * Holds answers for that long.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  HeldAnswers(Duration held, LongSupplier clock) {
    this.held = held.toNanos();
    this.clock = clock;
  }

  /** One load, and when it was made, which is before the backend is asked. */
  private static final class Load<T> extends FutureTask<T> {
    private final long made;
    private volatile boolean hasFailed;

    Load(Supplier<T> ask, long made) {
      super(ask::get);
      this.made = made;
    }

    @Override
    protected void setException(Throwable failure) {
      hasFailed = true; // before it is done
      super.setException(failure);
    }

    boolean isOver(long oldest) {
      return isDone() && (hasFailed || made - oldest < 0);
    }
  }

  /** Returns an answer whose load began less than the time of holding ago; blocks for a load. */
  T get(String key, Supplier<T> ask) {
    return since(key, clock.getAsLong() - held, ask);
  }

  /** Returns an answer whose load began after this call; blocks for one load, or for two. */
  T fresh(String key, Supplier<T> ask) {
    return since(key, clock.getAsLong(), ask);
  }

  private T since(String key, long oldest, Supplier<T> ask) {
    while (true) {
      makeRoom();
      Load<T> load =
          loads.compute(
              key,
              (any, known) ->
                  known == null || known.isOver(oldest)
                      ? new Load<>(ask, clock.getAsLong())
                      : known);
      load.run(); // has an effect in the first thread only
      if (load.made - oldest >= 0) {
        return answer(load);
      }
      awaitEnd(load);
    }
  }

  /** Waits for a load that is too old for this caller: the next one then is everybody's. */
  private void awaitEnd(Load<T> load) {
    try {
      T unused = answer(load);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      System.getLogger("de.lifetimecircle.secrets.agent")
          .log(System.Logger.Level.TRACE, "An earlier load failed: {0}", e.getClass().getName());
    }
  }

  private static <T> T answer(Load<T> load) {
    try {
      return load.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("a supplier throws nothing that is checked", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, "ask the backend").build();
    }
  }

  private void makeRoom() {
    if (loads.size() >= MOST) {
      long oldest = clock.getAsLong() - held;
      loads.values().removeIf(load -> load.isOver(oldest));
      if (loads.size() >= MOST) {
        loads.values().removeIf(FutureTask::isDone);
      }
    }
  }

  /** Returns how many keys have an answer or a load. */
  int size() {
    return loads.size();
  }
}
