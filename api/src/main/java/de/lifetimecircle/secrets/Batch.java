package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call of the backend for many names, made by the first of their loads that runs; the others
 * wait for it. Names are the store's, prefix included.
 */
final class Batch {
  private final BatchStore store;
  private final List<String> names;
  private final CompletableFuture<Map<String, BatchStore.Answer>> answers =
      new CompletableFuture<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  Batch(BatchStore store, List<String> names) {
    this.store = store;
    this.names = names;
  }

  StoredSecret fetch(String name) {
    if (!asked.add(name)) { // a retry asks for its own name only
      return store.fetch(name);
    }
    if (begun.compareAndSet(false, true)) {
      try {
        answers.complete(store.fetchAll(names));
      } catch (SecretException e) { // each name then asks for itself, and learns its own reason
        answers.complete(Map.of());
      } catch (Throwable e) { // nothing else may leave the other loads waiting
        answers.complete(Map.of());
        throw e;
      }
    }
    BatchStore.Answer answer = Calls.await(answers, "get secrets", name).get(name);
    return answer != null ? answer.orElseThrow() : store.fetch(name);
  }
}
