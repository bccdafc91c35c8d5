package de.lifetimecircle.secrets.operations.inventory;

import java.util.Map;

/**
 * One place where the service runs, such as {@code prod}. Immutable.
 *
 * @param name its name in the inventory
 * @param prefix what stands before each name in the store, with its {@code /}; may be empty
 * @param backends facts for policies, by scheme
 * @param files where what follows from the inventory is kept, by what it is, relative to the
 *     inventory's folder
 */
public record ServiceEnvironment(
    String name,
    String prefix,
    Map<String, Map<String, String>> backends,
    Map<String, String> files) {
  /** Keeps a copy of the facts. */
  public ServiceEnvironment {
    backends = Map.copyOf(backends);
    files = Map.copyOf(files);
  }

  /** The name in the store. */
  public String stored(String secret) {
    return prefix + secret;
  }
}
