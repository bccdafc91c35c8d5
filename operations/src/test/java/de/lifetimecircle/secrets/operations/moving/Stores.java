package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Two stores in memory and what a test asks of them. */
final class Stores {
  static final RandomGenerator RANDOM = new SplittableRandom(42);

  private Stores() {}

  static FakeStore without(Capability... missing) {
    Set<Capability> capabilities = EnumSet.allOf(Capability.class);
    capabilities.removeAll(List.of(missing));
    return FakeStore.with(capabilities.toArray(new Capability[0]));
  }

  /** As Key Vault: no condition, no stage to move. */
  static FakeStore likeAzure() {
    return without(Capability.CREATE_ONLY, Capability.PUT_IF_VERSION, Capability.STAGES);
  }

  private static SecretProviderBuilder builder(FakeStore store, String prefix) {
    return SecretProvider.builder()
        .store(store.secondClient())
        .set("retries", "0")
        .set("prefix", prefix);
  }

  /** Not by the name of the default backend: a reader of it need not look for pending names. */
  static SecretProvider reader(FakeStore store) {
    return builder(store, "").backend("fake").build();
  }

  static SecretWriter writer(FakeStore store) {
    return builder(store, "").buildWriter();
  }

  static SecretWriter writer(FakeStore store, String limits) {
    return builder(store, "").set("limits", limits).buildWriter();
  }

  /** The values that were served, the oldest first, and the pending one in brackets. */
  static List<String> values(FakeStore store, String name) {
    List<String> values = new ArrayList<>();
    try (SecretProvider provider = reader(store)) {
      List<SecretVersion> versions = provider.versions(name);
      for (int i = versions.size() - 1; i >= 0; i--) {
        SecretVersion version = versions.get(i);
        String value = provider.get(name, VersionSelector.id(version.id())).asString();
        values.add(version.stages().contains(Stage.PENDING) ? "[" + value + "]" : value);
      }
    }
    return values;
  }

  static String staged(FakeStore store, String name, Stage stage) {
    try (SecretProvider provider = reader(store)) {
      return provider.get(name, VersionSelector.stage(stage)).asString();
    }
  }

  static void pending(FakeStore store, String name, String value) {
    try (SecretWriter writer = writer(store);
        SecretValue secret = SecretValue.of(value)) {
      writer.putPending(name, secret);
    }
  }
}
