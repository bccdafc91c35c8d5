package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.Template;
import de.lifetimecircle.secrets.operations.rotation.RotateAction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets that must change when one secret is exposed: the secret itself or, if a template
 * makes it, its parts, and all templates that use them. Immutable.
 *
 * @param secret the exposed secret
 * @param stored its name in the store
 * @param rotated the secrets that get a new value
 * @param changed the names in the store of all secrets that change
 */
record AffectedSecrets(
    InventorySecret secret, String stored, List<InventorySecret> rotated, List<String> changed) {
  /**
   * Finds the affected secrets in an inventory.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
   *     UNSUPPORTED} if a person must supply its value
   */
  static AffectedSecrets of(InventoryLocation site, String name) {
    List<InventorySecret> all = site.secrets();
    InventorySecret secret =
        all.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(site, name));
    String stored = site.environment().stored(name);
    List<InventorySecret> rotated = new ArrayList<>();
    Template template = secret.template();
    if (secret.shape() != null) {
      rotated.add(secret);
    } else if (template != null) {
      all.stream()
          .filter(each -> each.shape() != null && partOf(each.name(), secret, all))
          .forEach(rotated::add);
    }
    if (rotated.isEmpty()) {
      throw brought(site, secret);
    }
    Set<String> changed = new LinkedHashSet<>();
    for (InventorySecret each : rotated) {
      changed.add(site.environment().stored(each.name()));
      all.stream()
          .filter(other -> partOf(each.name(), other, all))
          .forEach(other -> changed.add(site.environment().stored(other.name())));
    }
    return new AffectedSecrets(secret, stored, List.copyOf(rotated), List.copyOf(changed));
  }

  private static SecretException brought(InventoryLocation site, InventorySecret secret) {
    boolean itself = secret.template() == null;
    String name = itself ? secret.name() : broughtPart(site, secret);
    return SecretException.of(SecretException.Kind.UNSUPPORTED, "replace secret")
        .name(site.environment().stored(secret.name()))
        .reason(
            itself
                ? "it has no generator in the inventory: a person must supply its value"
                : "none of its parts has a generator in the inventory")
        .advice(
            "Get a new value from whoever issued it, then '"
                + site.here().command("rotate " + name + " --from-stdin")
                + "' and '"
                + site.here().command(RotateAction.RETIRE.words(name))
                + "'")
        .build();
  }

  /** Returns a part whose value a person supplies; a template has one if nothing else makes it. */
  private static String broughtPart(InventoryLocation site, InventorySecret whole) {
    List<InventorySecret> all = site.secrets();
    return all.stream()
        .filter(each -> each.template() == null && partOf(each.name(), whole, all))
        .map(InventorySecret::name)
        .findFirst()
        .orElse(whole.name());
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

  /** Returns the parts, directly or through other templates; the inventory has no cycles. */
  private static boolean partOf(String name, InventorySecret whole, List<InventorySecret> all) {
    Template template = whole.template();
    return template != null
        && template.parts().stream()
            .anyMatch(
                part ->
                    part.equals(name)
                        || all.stream()
                            .anyMatch(each -> each.name().equals(part) && partOf(name, each, all)));
  }

  /** Returns the reason why a hook deliberately has no program, if the inventory has one. */
  Optional<String> declined(String hook) {
    return rotated.stream()
        .flatMap(each -> Optional.ofNullable(each.declined().get(hook)).stream())
        .findFirst();
  }

  /** Returns the different programs of a hook, those of the exposed secret first. */
  List<List<String>> programs(String hook) {
    Set<List<String>> programs = new LinkedHashSet<>();
    programs.add(secret.hooks().getOrDefault(hook, List.of()));
    rotated.forEach(each -> programs.add(each.hooks().getOrDefault(hook, List.of())));
    programs.remove(List.<String>of());
    return List.copyOf(programs);
  }
}
