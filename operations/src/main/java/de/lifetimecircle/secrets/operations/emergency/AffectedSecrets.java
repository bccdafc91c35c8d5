package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The secrets that must change when one secret is exposed: the secret itself or, if a template
 * makes it, its parts, and all templates that use them. Immutable.
 *
 * @param secret the exposed secret
 * @param stored its name in the store
 * @param rotated the secrets that get a new value, generated or, if nothing generates one of them,
 *     from a person
 * @param changes the names in the store that change with each of them, by its name
 */
record AffectedSecrets(
    InventorySecret secret,
    String stored,
    List<InventorySecret> rotated,
    Map<String, List<String>> changes) {
  /**
   * Finds the affected secrets in an inventory.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
   *     UNSUPPORTED} if people supply several parts of it, and only they know which one is secret
   */
  static AffectedSecrets of(InventoryLocation site, String name) {
    List<InventorySecret> all = site.secrets();
    InventorySecret secret =
        all.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(site, name));
    List<InventorySecret> sources =
        all.stream()
            .filter(each -> each.template() == null && users(each.name(), all).contains(name))
            .toList();
    List<InventorySecret> rotated = sources.stream().filter(each -> each.shape() != null).toList();
    if (rotated.isEmpty()) {
      rotated = List.of(supplied(site, secret, sources));
    }
    Map<String, List<String>> changes = new LinkedHashMap<>();
    for (InventorySecret each : rotated) {
      changes.put(
          each.name(), users(each.name(), all).stream().map(site.environment()::stored).toList());
    }
    return new AffectedSecrets(secret, site.environment().stored(name), rotated, changes);
  }

  /**
   * Returns a name and the templates that use it, directly or not, which come after their parts.
   */
  private static List<String> users(String name, List<InventorySecret> all) {
    List<String> users = new ArrayList<>(List.of(name));
    users.addAll(Inventory.users(all, users));
    return users;
  }

  /** Returns the names in the store of all secrets that change. */
  List<String> changed() {
    return changes.values().stream().flatMap(List::stream).distinct().toList();
  }

  /** Returns the names in the store that change with a secret that gets a new value. */
  List<String> changedBy(InventorySecret target) {
    return changes.getOrDefault(target.name(), List.of());
  }

  /** Returns the only part that can be secret; the others say where a URL connects. */
  private static InventorySecret supplied(
      InventoryLocation site, InventorySecret secret, List<InventorySecret> sources) {
    List<InventorySecret> secrets =
        secret.template() == null
            ? sources
            : sources.stream().filter(each -> !isPlace(site, each)).toList();
    if (secrets.size() == 1) {
      return secrets.get(0);
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, "replace secret")
        .name(site.environment().stored(secret.name()))
        .reason("people supply its parts, and the inventory does not say which one is secret")
        .advice(
            "Name the exposed part: "
                + String.join(
                    ", ",
                    sources.stream()
                        .map(part -> "'" + site.command("emergency " + part.name()) + "'")
                        .toList()))
        .build();
  }

  private static boolean isPlace(InventoryLocation site, InventorySecret part) {
    return site.secrets().stream()
        .anyMatch(each -> each.template() != null && each.template().isPlace(part.name()));
  }

  private static SecretException unknown(InventoryLocation site, String name) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "replace secret")
        .name(name)
        .reason("the inventory has none of that name in " + site.environment().name())
        .advice(
            "Use a name of the inventory, without the prefix: "
                + String.join(", ", site.inventory().names()))
        .build();
  }

  /** Returns the reason why a hook deliberately has no program, if the inventory has one. */
  Optional<String> declined(String hook) {
    return rotated.stream()
        .flatMap(each -> Optional.ofNullable(each.declined().get(hook)).stream())
        .findFirst();
  }

  /** Returns the different programs of a hook, those of the exposed secret first. */
  List<List<String>> programs(String hook) {
    return Stream.concat(Stream.of(secret), rotated.stream())
        .flatMap(each -> Stream.ofNullable(each.hooks().get(hook)))
        .distinct()
        .toList();
  }

  /**
   * Returns whether the inventory has neither a program for a hook nor a reason for having none.
   */
  boolean lacks(String hook) {
    return programs(hook).isEmpty() && declined(hook).isEmpty();
  }

  /** Returns programs as people type them. */
  static String shown(List<List<String>> programs) {
    return String.join("; ", programs.stream().map(ShellWord::line).toList());
  }
}
