package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of the backend for many names, made by the first of their loads that runs; the others
 * wait for it. The second tries of names without an answer share a call as well. Names are the
 * store's, prefix included.
 */
final class BatchFetch {
  private final BatchStore store;
  private List<String> names;
  private CompletableFuture<Map<String, BatchStore.Answer>> answers = new CompletableFuture<>();

  /**
   * The names whose readers asked for the answers of this call; the first reader makes the call.
   */
  private final Set<String> asked = new HashSet<>();

  BatchFetch(BatchStore store, List<String> names) {
    this.store = store;
    this.names = names;
  }

  StoredSecret fetch(String name) {
    CompletableFuture<Map<String, BatchStore.Answer>> call;
    List<String> ofCall;
    boolean isFirst;
    synchronized (this) {
      if (answers.isDone() && asked.contains(name)) {
        repeat(name);
      }
      call = answers;
      ofCall = names;
      isFirst = asked.isEmpty();
      if (!asked.add(name)) { // there was an answer; a retry asks for its own name only
        return store.fetch(name);
      }
    }
    if (isFirst) {
      make(call, ofCall);
    }
    BatchStore.Answer answer = answersOf(call, name).get(name);
    return answer != null ? answer.orElseThrow() : store.fetch(name);
  }

  /** Begins another call if the name is one of those that had no answer and may have one now. */
  private void repeat(String name) {
    List<String> unanswered = new ArrayList<>();
    for (String each : names) {
      if (answers.isCompletedExceptionally() || isToBeRetried(answers.join().get(each))) {
        unanswered.add(each);
      }
    }
    if (unanswered.contains(name)) {
      names = unanswered;
      answers = new CompletableFuture<>();
      asked.clear();
    }
  }

  /** Names that were throttled as a group are a group again, and not a read for each of them. */
  private static boolean isToBeRetried(BatchStore.@Nullable Answer answer) {
    return answer != null && answer.error().filter(SecretException::retryable).isPresent();
  }

  private void make(CompletableFuture<Map<String, BatchStore.Answer>> call, List<String> ofCall) {
    try {
      call.complete(store.fetchAll(ofCall));
    } catch (SecretException e) {
      if (e.retryable()) { // asking for each name would be a storm on a backend that is not well
        call.completeExceptionally(e);
      } else { // each name asks for itself, and learns its own reason
        call.complete(Map.of());
      }
    } catch (Throwable e) { // nothing else may leave the other loads waiting
      call.complete(Map.of());
      throw e;
    }
  }

  private static Map<String, BatchStore.Answer> answersOf(
      CompletableFuture<Map<String, BatchStore.Answer>> call, String name) {
    try {
      return CallExecutor.await(call, "get secrets", name);
    } catch (SecretException e) {
      throw e.of(name);
    }
  }
}
