package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Documents the secrets of an environment: ids, versions, owners and the schedule of rotations,
 * from the inventory and the store. Reads no value. Blocks for the backend; stateless.
 */
public final class SecretsDocument {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SecretsDocument() {}

  /**
   * Returns the document. Facts that the backend does not report are written as unknown.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, and the failures
   *     of the backend
   */
  public static String text(
      Inventory inventory, String environment, SecretProvider provider, InstantSource clock) {
    Page page = new Page(new StoreSnapshot(inventory, environment, provider), clock.instant());
    return Templates.message(out -> JteSecretsGenerated.render(out, null, page));
  }

  /** Fills Secrets.jte. Immutable. */
  record Page(StoreSnapshot store, Instant now) {
    String written() {
      return MINUTE.format(now);
    }

    String origin(InventorySecret secret) {
      if (secret.shape() != null) {
        return secret.shape() + ", made here";
      }
      return secret.template() != null
          ? "put together from " + String.join(", ", secret.template().parts())
          : "people bring it";
    }

    VersionAge age(InventorySecret secret) {
      return store.age(store.environment().stored(secret.name()));
    }

    /** Returns facts in order, so that two documents differ only if the store does. */
    Map<String, String> facts(InventorySecret secret) {
      try {
        String name = store.environment().stored(secret.name());
        Map<String, String> facts = new TreeMap<>(store.describe(name));
        facts.remove("version");
        return facts;
      } catch (SecretException e) {
        return Map.of("facts", "unknown (" + EnumText.of(e.kind()) + ")");
      }
    }

    String schedule(RotationRule rotation, InventorySecret secret) {
      String next = age(secret).made().map(day -> rotation.due(day).toString()).orElse("unknown");
      return rotation + " (next: " + next + ")";
    }
  }
}
