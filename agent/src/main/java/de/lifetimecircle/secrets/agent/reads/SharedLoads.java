package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Answers of the backend that callers share. For each key one load runs at a time, all callers who
 * come meanwhile wait for it, and its answer is held for a short time after it began. A failure
 * reaches those who wait for it, and is never held. One principal has a few loads at a time. Safe
 * for use by several threads.
 *
 * <p>A load belongs to the thread that runs it first ({@link FutureTask}). It is in the map before
 * it runs, and no thread asks the backend while it holds a bin of the map. A load leaves the map
 * only when it has ended, so there is never a second one beside it.
 *
 * @param <T> an immutable answer
 */
final class SharedLoads<T> {
  /** How many keys are held; callers choose the keys. */
  private static final int MOST = 64;

  /** How many entries all held answers have; a list can be long, and each prefix has its own. */
  private static final int MOST_ENTRIES = 20_000;

  /** How many loads of one principal run at once: the rest of the backend is for others. */
  private static final int MOST_LOADS = 8;

  private final long held;
  private final LongSupplier clock;
  private final ToIntFunction<T> entries;
  private final ConcurrentMap<String, Load<T>> loads = new ConcurrentHashMap<>();

  /**
   * Holds answers for that long.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   * @param entries how many entries an answer has
   */
  SharedLoads(Duration held, LongSupplier clock, ToIntFunction<T> entries) {
    this.held = held.toNanos();
    this.clock = clock;
    this.entries = entries;
  }

  /** One load, and when it was made, which is before the backend is asked. */
  private static final class Load<T> extends FutureTask<T> {
    private final String principal;
    private final long made;
    private volatile boolean hasFailed;
    private final ToIntFunction<T> counted;
    private volatile int entries;

    Load(String principal, Supplier<T> ask, ToIntFunction<T> entries, long made) {
      super(ask::get);
      this.principal = principal;
      this.counted = entries;
      this.made = made;
    }

    @Override
    protected void set(T answer) {
      entries = counted.applyAsInt(answer); // before it is done
      super.set(answer);
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

  /**
   * Returns the shared answer if it is recent enough, otherwise loads it; blocks for a load.
   *
   * @throws SecretException {@code THROTTLED} if it needs a load and the principal has enough
   */
  T get(String principal, String key, Supplier<T> ask) {
    return since(clock.getAsLong() - held, principal, key, ask);
  }

  /**
   * Returns an answer whose load began after this call; blocks for one load, or for two.
   *
   * @throws SecretException {@code THROTTLED} if it needs a load and the principal has enough
   */
  T fresh(String principal, String key, Supplier<T> ask) {
    return since(clock.getAsLong(), principal, key, ask);
  }

  private T since(long oldest, String principal, String key, Supplier<T> ask) {
    while (true) {
      makeRoomFor(key);
      Load<T> known = loads.get(key);
      if (known == null || known.isOver(oldest)) {
        requireRoom(principal);
      }
      Load<T> load =
          loads.compute(
              key,
              (any, now) ->
                  now == null || now.isOver(oldest)
                      ? new Load<>(principal, ask, entries, clock.getAsLong())
                      : now);
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

  /** Callers who look at the same moment may pass together: it is a share, not a guarantee. */
  private void requireRoom(String principal) {
    long running =
        loads.values().stream()
            .filter(load -> load.principal.equals(principal) && !load.isDone())
            .count();
    if (running >= MOST_LOADS) {
      throw SecretException.of(SecretException.Kind.THROTTLED, "ask the backend")
          .reason("the agent asks it " + MOST_LOADS + " times for this user already")
          .build();
    }
  }

  private void makeRoomFor(String key) {
    if (isFull()) {
      dropOld();
      if (isFull()) {
        loads.entrySet().removeIf(each -> !each.getKey().equals(key) && each.getValue().isDone());
      }
    }
  }

  private boolean isFull() {
    return loads.size() >= MOST
        || loads.values().stream().mapToInt(load -> load.entries).sum() > MOST_ENTRIES;
  }

  /** Forgets the answers that are too old for everybody; called about once a second. */
  void dropOld() {
    long oldest = clock.getAsLong() - held;
    loads.values().removeIf(load -> load.isOver(oldest));
  }

  /** Returns how many keys have an answer or a load. */
  int size() {
    return loads.size();
  }
}
