package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    StoreSnapshot store = new StoreSnapshot(inventory, environment, provider);
    ServiceEnvironment where = store.environment();
    List<InventorySecret> secrets = inventory.secrets(where);
    StringBuilder out = new StringBuilder();
    out.append("=== SECRETS OF ").append(inventory.service()).append(": ").append(where.name());
    out.append(" ===\n");
    line(out, "Written", MINUTE.format(clock.instant()));
    inventory.contact().ifPresent(contact -> line(out, "Emergency", contact));
    store.check().forEach((fact, value) -> line(out, fact, value));
    StringBuilder schedule = new StringBuilder();
    for (InventorySecret secret : secrets) {
      String name = where.stored(secret.name());
      VersionAge age = store.age(name);
      out.append('\n').append(name).append('\n');
      describe(out, secret);
      line(out, "  version", age.idAndDay());
      facts(store, name).forEach((fact, value) -> line(out, "  " + fact, value));
      schedule(schedule, secret, age.made());
    }
    return out.append("\nRotation schedule:\n").append(schedule).toString();
  }

  private static void line(StringBuilder out, String what, String text) {
    out.append(what).append(": ").append(text.replace('\n', ' ')).append('\n');
  }

  private static void describe(StringBuilder out, InventorySecret secret) {
    line(out, "  purpose", secret.description());
    line(out, "  owner", secret.owner());
    String made = "people bring it";
    if (secret.shape() != null) {
      made = secret.shape() + ", made here";
    } else if (secret.template() != null) {
      made = "put together from " + String.join(", ", secret.template().parts());
    }
    line(out, "  value", made);
    line(
        out,
        "  readers",
        secret.readers().isEmpty() ? "none" : String.join(", ", secret.readers()));
  }

  /** Returns facts in order, so that two documents differ only if the store does. */
  private static Map<String, String> facts(StoreSnapshot store, String name) {
    try {
      Map<String, String> facts = new TreeMap<>(store.describe(name));
      facts.remove("version");
      return facts;
    } catch (SecretException e) {
      return Map.of("facts", "unknown (" + EnumText.of(e.kind()) + ")");
    }
  }

  private static void schedule(
      StringBuilder out, InventorySecret secret, Optional<LocalDate> made) {
    RotationRule rotation = secret.rotation();
    if (rotation == null) {
      return;
    }
    String next = made.map(day -> rotation.due(day).toString()).orElse("unknown");
    line(out, "  " + secret.name(), rotation + " (next: " + next + ")");
  }
}
