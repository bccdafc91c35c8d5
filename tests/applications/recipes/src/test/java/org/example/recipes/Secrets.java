package org.example.recipes;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;

/** The secrets of a recipe, and a provider that knows of a new version at once. */
final class Secrets implements AutoCloseable {
  final FakeStore store = FakeStore.create();
  final SecretProvider provider =
      SecretProvider.builder().store(store).set("overrides", "off").build();

  void put(String name, String text) {
    store.holding(name, text);
    provider.refresh(name);
  }

  @Override
  public void close() {
    provider.close();
  }
}
