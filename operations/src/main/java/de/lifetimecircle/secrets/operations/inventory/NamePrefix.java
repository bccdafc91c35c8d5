package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.Setting;
import java.util.Collection;
import java.util.List;

/**
 * The setting {@code prefix} of a run. It completes the names that no inventory knows; the names of
 * an inventory have the prefix of their environment instead, so the two never add up. Immutable.
 *
 * @param value the prefix; the empty text for none
 * @param source where it is set, in words
 */
public record NamePrefix(String value, String source) {
  /** No prefix. */
  public static final NamePrefix NONE = new NamePrefix("", "default");

  /** Returns the prefix that a setting gives. */
  public static NamePrefix of(Setting setting) {
    return new NamePrefix(setting.value(), setting.source());
  }

  /**
   * Returns the name in the store that a typed name means if no inventory knows it. A name that
   * begins with a known prefix is whole already: every output prints names so.
   *
   * @param prefixes the prefixes of the inventory's environments
   */
  public String whole(String typed, Collection<String> prefixes) {
    boolean isWhole =
        typed.startsWith(value)
            || prefixes.stream().anyMatch(each -> !each.isEmpty() && typed.startsWith(each));
    return isWhole ? typed : value + typed;
  }

  /** Returns the name by which a provider with this setting reads a name of the store. */
  public String plain(String stored) {
    return stored.startsWith(value) ? stored.substring(value.length()) : stored;
  }

  /** Returns the inventory; its only environment gets this prefix if the file gives it none. */
  public Inventory complete(Inventory inventory) {
    List<ServiceEnvironment> environments = inventory.environments();
    return environments.size() == 1 && environments.get(0).prefix().isEmpty() && !value.isEmpty()
        ? inventory.with(environments.get(0).withPrefix(value))
        : inventory;
  }

  /**
   * Rejects the use of an environment that has another prefix: the setting says that this run is
   * about other names.
   *
   * @throws SecretException {@code CONFIGURATION} that names both
   */
  public void requireAgreement(Inventory inventory, ServiceEnvironment environment) {
    if (value.isEmpty() || value.equals(environment.prefix())) {
      return;
    }
    throw SecretException.of(SecretException.Kind.CONFIGURATION, "use the names of the environment")
        .name(environment.name())
        .reason(
            "the setting prefix is '"
                + value
                + "' ("
                + source
                + "), and environments."
                + environment.name()
                + ".prefix in "
                + inventory.source()
                + " is '"
                + environment.prefix()
                + "'")
        .advice(
            "Remove the setting, which names of the inventory do not need, choose the other"
                + " environment, or correct the inventory")
        .build();
  }
}
