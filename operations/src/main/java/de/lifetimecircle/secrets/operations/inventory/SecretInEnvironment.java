package de.lifetimecircle.secrets.operations.inventory;

/**
 * A secret of an inventory in one of its environments, as a typed name means it. Immutable.
 *
 * @param environment the environment
 * @param secret the entry of the inventory
 */
public record SecretInEnvironment(ServiceEnvironment environment, InventorySecret secret) {
  /** Returns the name without the prefix of the environment. */
  public String name() {
    return secret.name();
  }

  /** Returns the name in the store. */
  public String stored() {
    return environment.stored(secret.name());
  }
}
