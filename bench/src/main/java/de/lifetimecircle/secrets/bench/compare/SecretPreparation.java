package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.ScratchNames;
import java.util.List;

/** What is done without being measured: the secrets that will be read. Stateless. */
final class SecretPreparation {
  private SecretPreparation() {}

  /** Writes all names, the first of them twice so that they have an older version. */
  static void go(WorkerAssignment work) {
    List<String> names = BackendClient.names(BackendClient.HELD);
    try (BackendClient client = BackendClient.caching(work.subject())) {
      names.subList(0, BackendClient.ROUND).forEach(client::put);
      names.forEach(client::put);
    }
  }

  /**
   * Removes the secrets below the prefix.
   *
   * @throws IllegalStateException if the backend cannot list or delete
   */
  static void clean(WorkerAssignment work) {
    try (BackendClient client = BackendClient.caching(work.subject())) {
      SecretStore store =
          client
              .writer()
              .unwrap(DeletableStore.class)
              .filter(found -> found instanceof ListableStore)
              .map(found -> (SecretStore) found)
              .orElseThrow(() -> new IllegalStateException("it cannot list and delete"));
      ScratchNames.below(work.subject().prefix()).clean(store);
    }
  }

  /**
   * Does what a service does before it can work; the program that started this process measures the
   * time.
   */
  static void readOne(WorkerAssignment work) {
    try (BackendClient client = BackendClient.caching(work.subject())) {
      SecretProvider provider = client.provider();
      Secret secret = provider.get(BackendClient.names(1).get(0));
      if (!secret.asString().startsWith(BackendClient.VALUE)) {
        throw new IllegalStateException("another value than was written");
      }
    }
  }
}
