package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.Set;

/** An inventory of a few secrets over a store in memory, for tests. */
final class Sought {
  static final Inventory INVENTORY =
      Inventory.parse(
          """
          version: 1
          service: ltc
          owner: Sec
          environments: {prod: {prefix: prod/}}
          secrets:
            KEY: {description: a key, generator: hex 32}
            TOKEN: {description: somebody else's token}
            HOST: {description: a host}
            PORT: {description: a port}
            URL: {description: "made of both", template: "postgresql://app:{TOKEN}@{HOST}/db"}
          """,
          "secrets.yaml");

  private Sought() {}

  static SecretProvider provider(FakeStore store) {
    return SecretProvider.builder().store(store.secondClient()).set("retries", "0").build();
  }

  static SoughtValues of(FakeStore store) {
    try (SecretProvider provider = provider(store)) {
      return SoughtValues.read(INVENTORY, "", provider, Set.of());
    }
  }
}
