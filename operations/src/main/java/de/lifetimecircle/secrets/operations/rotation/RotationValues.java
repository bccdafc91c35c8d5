package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The values for a step of a rotation, by their names in the inventory: the new ones, the old ones,
 * and other parts of the same templates. Used by one thread; closing overwrites them.
 */
final class RotationValues implements AutoCloseable {
  final Map<String, SecretValue> fresh = new LinkedHashMap<>();
  final Map<String, SecretValue> old = new LinkedHashMap<>();
  final Map<String, SecretValue> same = new LinkedHashMap<>();
  private final List<SecretValue> secret = new ArrayList<>();

  /** Reads the values from the store; blocks for it. */
  static RotationValues read(
      RotationJournal journal,
      RotationScope inventory,
      SecretProvider provider,
      PendingStore place) {
    return read(
        journal,
        inventory,
        provider,
        (change, version) ->
            Optional.of(
                version.isEmpty() ? place.value(change) : version(provider, change, version)));
  }

  /**
   * Reads the values that a system gets instead of those that the rotation may have given it.
   *
   * @param served returns the value that the system must accept
   */
  static RotationValues served(
      RotationJournal journal,
      RotationScope inventory,
      SecretProvider provider,
      PendingStore place,
      Function<VersionChange, SecretValue> served) {
    RotationValues values = new RotationValues();
    try {
      for (VersionChange change : journal.changes()) {
        values.old.put(change.name(), served.apply(change));
        given(change, provider, place).ifPresent(v -> values.fresh.put(change.name(), v));
      }
      values.fill(journal, inventory, provider);
      return values;
    } catch (RuntimeException e) {
      values.close();
      throw e;
    }
  }

  private static Optional<SecretValue> given(
      VersionChange change, SecretProvider provider, PendingStore place) {
    String version = change.fresh();
    return version.isEmpty() && change.pending().isEmpty()
        ? Optional.empty()
        : FreshRead.unlessGone(
            () -> version.isEmpty() ? place.value(change) : version(provider, change, version));
  }

  /**
   * Reads the values that can still be read after the promotion: a hook may have seen all of them.
   */
  static RotationValues readable(
      RotationJournal journal, RotationScope inventory, SecretProvider provider) {
    return read(
        journal,
        inventory,
        provider,
        (change, version) -> FreshRead.unlessGone(() -> version(provider, change, version)));
  }

  private static RotationValues read(
      RotationJournal journal,
      RotationScope inventory,
      SecretProvider provider,
      BiFunction<VersionChange, String, Optional<SecretValue>> value) {
    RotationValues values = new RotationValues();
    try {
      for (VersionChange change : journal.changes()) {
        value.apply(change, change.old()).ifPresent(v -> values.old.put(change.name(), v));
        value.apply(change, change.fresh()).ifPresent(v -> values.fresh.put(change.name(), v));
      }
      values.fill(journal, inventory, provider);
      return values;
    } catch (RuntimeException e) {
      values.close();
      throw e;
    }
  }

  private static SecretValue version(
      SecretProvider provider, VersionChange change, String version) {
    return provider.get(change.stored(), VersionSelector.id(version)).value().copy();
  }

  private void fill(RotationJournal journal, RotationScope inventory, SecretProvider provider) {
    secret.addAll(old.values());
    secret.addAll(fresh.values());
    readParts(journal, inventory, provider);
  }

  private void readParts(
      RotationJournal journal, RotationScope inventory, SecretProvider provider) {
    for (VersionChange change : journal.changes()) {
      InventorySecret template = inventory.secrets().get(change.name());
      for (String part : template == null ? Set.<String>of() : template.parts()) {
        if (!fresh.containsKey(part) && !old.containsKey(part) && !same.containsKey(part)) {
          SecretValue value = provider.get(inventory.stored(part)).value().copy();
          same.put(part, value);
          InventorySecret other = inventory.secrets().get(part);
          // A value that a person supplies may be a host's name, which a hook may print.
          if (other == null || other.isMade()) {
            secret.add(value);
          }
        }
      }
    }
  }

  /** Returns the values that must not be printed. */
  List<SecretValue> secret() {
    return List.copyOf(secret);
  }

  @Override
  public void close() {
    fresh.values().forEach(SecretValue::close);
    old.values().forEach(SecretValue::close);
    same.values().forEach(SecretValue::close);
  }
}
