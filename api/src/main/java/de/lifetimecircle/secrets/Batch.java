package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call of the backend for many names, made by the first of their loads that runs; the others
 * wait for it. Where the backend had no answer at all, their second tries share a call as well.
 * Names are the store's, prefix included.
 */
final class Batch {
  private final BatchStore store;
  private final List<String> names;
  private Attempt last = new Attempt();

  /** One call, and who has asked for its answers. */
  private static final class Attempt {
    final AtomicBoolean begun = new AtomicBoolean();
    final Set<String> asked = new HashSet<>();
    final CompletableFuture<Map<String, BatchStore.Answer>> answers = new CompletableFuture<>();
  }

  Batch(BatchStore store, List<String> names) {
    this.store = store;
    this.names = names;
  }

  StoredSecret fetch(String name) {
    Attempt attempt = next(name);
    if (attempt == null) {
      return store.fetch(name);
    }
    if (attempt.begun.compareAndSet(false, true)) {
      make(attempt);
    }
    BatchStore.Answer answer = answersOf(attempt, name).get(name);
    return answer != null ? answer.orElseThrow() : store.fetch(name);
  }

  /** The call that this name asks next; null if there was an answer, and it asks for itself. */
  private synchronized @Nullable Attempt next(String name) {
    if (last.answers.isCompletedExceptionally() && last.asked.contains(name)) {
      last = new Attempt();
    }
    return last.asked.add(name) ? last : null;
  }

  private void make(Attempt attempt) {
    try {
      attempt.answers.complete(store.fetchAll(names));
    } catch (SecretException e) {
      if (e.retryable()) { // asking for each name would be a storm on a backend that is not well
        attempt.answers.completeExceptionally(e);
      } else { // each name asks for itself, and learns its own reason
        attempt.answers.complete(Map.of());
      }
    } catch (Throwable e) { // nothing else may leave the other loads waiting
      attempt.answers.complete(Map.of());
      throw e;
    }
  }

  private static Map<String, BatchStore.Answer> answersOf(Attempt attempt, String name) {
    try {
      return Calls.await(attempt.answers, "get secrets", name);
    } catch (SecretException e) {
      throw e.of(name);
    }
  }
}
