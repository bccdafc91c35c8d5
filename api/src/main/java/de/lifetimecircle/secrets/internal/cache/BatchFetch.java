package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the backend for many names. The load of each name waits for the call without a thread.
 * The second tries of names that were throttled share a call as well, and are not a read for each
 * of them. Names are the store's, prefix included.
 */
public final class BatchFetch {
  /** So that a call of a few thousand names is many calls, each with its own time. */
  private static final int MOST_NAMES = 100;

  private final BatchStore store;
  private final CallExecutor calls;

  /** The last call; guarded by this, as is whether it was begun. */
  private Round last;

  private boolean hasBegun;

  /** Returns the batch of each name. */
  public static Map<String, BatchFetch> of(
      BatchStore store, CallExecutor calls, List<String> names, UnaryOperator<String> stored) {
    Map<String, BatchFetch> batches = new HashMap<>();
    for (int i = 0; i < names.size(); i += MOST_NAMES) {
      List<String> some = names.subList(i, Math.min(i + MOST_NAMES, names.size()));
      BatchFetch batch = new BatchFetch(store, calls, some.stream().map(stored).toList());
      some.forEach(name -> batches.put(name, batch));
    }
    return batches;
  }

  private BatchFetch(BatchStore store, CallExecutor calls, List<String> names) {
    this.store = store;
    this.calls = calls;
    this.last = new Round(names, new CompletableFuture<>());
  }

  /** One call for these names. */
  private record Round(
      List<String> names, CompletableFuture<Map<String, BatchStore.Answer>> answers) {

    boolean isToBeRetried(String name) {
      if (answers.isCompletedExceptionally() || !answers.isDone()) {
        return true;
      }
      BatchStore.Answer answer = answers.join().get(name);
      return answer != null && answer.error().filter(SecretException::retryable).isPresent();
    }
  }

  /** Returns the work of the load of one of the names. */
  public Share of(String name) {
    return new Share(name);
  }

  /** The answers to one name. Used by one try after the other. */
  final class Share implements Supplier<StoredSecret> {
    private final String name;

    /** The call that its next try takes its answer from; null if it asks for itself. */
    private @Nullable Round round;

    private boolean hasTried;

    private Share(String name) {
      this.name = name;
    }

    /**
     * Returns whether the call for the next try has its answer; begins the call if none is under
     * way.
     */
    CompletableFuture<Boolean> next() {
      round = hasTried ? again(name, round) : first();
      hasTried = true;
      return round == null
          ? CompletableFuture.completedFuture(false)
          : round.answers.thenApply(answers -> answers.containsKey(name));
    }

    /** The answer for the name, or a read of its own if the call had none. */
    @Override
    public StoredSecret get() {
      BatchStore.Answer answer = round == null ? null : answer(round);
      if (answer != null) {
        return answer.orElseThrow();
      }
      calls.metrics.called();
      return store.fetch(name);
    }

    private BatchStore.@Nullable Answer answer(Round round) {
      try {
        return CallExecutor.await(round.answers, "get secrets", name).get(name);
      } catch (SecretException e) {
        throw EngineAccess.types().ofName(e, name);
      }
    }
  }

  private Round first() {
    Round round;
    synchronized (this) {
      round = last;
      if (hasBegun) {
        return round;
      }
      hasBegun = true;
    }
    begin(round);
    return round;
  }

  /** The call after the one that the name had no good answer from; null if it asks for itself. */
  private @Nullable Round again(String name, @Nullable Round before) {
    Round round;
    synchronized (this) {
      if (before == null || !before.isToBeRetried(name)) {
        return null;
      }
      if (!last.equals(before)) { // another name was here first, and took this one along
        return last.names.contains(name) ? last : null;
      }
      List<String> unanswered = new ArrayList<>(before.names);
      unanswered.removeIf(each -> !before.isToBeRetried(each));
      round = new Round(unanswered, new CompletableFuture<>());
      last = round;
    }
    begin(round);
    return round;
  }

  /** Makes the call on a worker. No lock is held. */
  private void begin(Round round) {
    try {
      CallExecutor.Call<Map<String, BatchStore.Answer>> call =
          calls.start(
              CallMode.BULK_ONCE,
              "get secrets",
              round.names.get(0),
              () -> store.fetchAll(round.names));
      var unused = call.result.whenComplete((answers, thrown) -> end(round, answers, thrown));
    } catch (Throwable e) {
      lost(round, e);
    }
  }

  private void end(
      Round round, @Nullable Map<String, BatchStore.Answer> answers, @Nullable Throwable thrown) {
    try {
      SecretException failure = answers != null ? null : CallExecutor.failure(thrown);
      if (failure == null) {
        round.answers.complete(answers);
      } else if (isOfEach(failure)) {
        if (failure.kind() == SecretException.Kind.INTERNAL) { // no name has it for its own reason
          calls.metrics.defect(failure.getClass());
        }
        round.answers.complete(Map.of());
      } else {
        round.answers.completeExceptionally(failure);
      }
    } catch (Throwable e) {
      lost(round, e);
    }
  }

  /**
   * An error, such as that of a full heap, has ended the call before it had an answer: each name
   * asks for itself. The loads that wait for the call have no deadline but that of the call.
   */
  private void lost(Round round, Throwable error) {
    round.answers.complete(Map.of()); // first, as it takes no memory of its own
    calls.metrics.defect(error.getClass());
  }

  /**
   * Whether each name asks for itself and learns its own reason. Not from a backend that is not
   * well, which that would be a storm for.
   */
  private static boolean isOfEach(SecretException failure) {
    return switch (failure.kind()) {
      case CLOSED, INTERRUPTED -> false;
      default -> !failure.retryable();
    };
  }
}
