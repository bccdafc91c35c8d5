package de.lifetimecircle.secrets.operations.inventory;

import java.util.Map;

/**
 * An environment of the service, such as {@code prod}. Immutable.
 *
 * @param name its name in the inventory
 * @param prefix the prefix of each name in the store, with its {@code /}; may be empty
 * @param backends facts for policies, by scheme
 * @param files the paths of generated files by their kind, relative to the inventory's folder
 * @param drills the drills that it allows besides those on a scratch store
 */
public record ServiceEnvironment(
    String name,
    String prefix,
    Map<String, Map<String, String>> backends,
    Map<String, String> files,
    Drills drills) {
  /** The drills that an environment allows. */
  public enum Drills {
    /** Drills on a scratch store only. */
    SCRATCH,
    /** Also drills that change the secrets of the environment and call its hooks. */
    LIVE
  }

  /** Copies the maps. */
  public ServiceEnvironment {
    backends = Map.copyOf(backends);
    files = Map.copyOf(files);
  }

  /** Returns a copy with another prefix. */
  public ServiceEnvironment withPrefix(String other) {
    return new ServiceEnvironment(name, other, backends, files, drills);
  }

  /** Returns a secret's name in the store. */
  public String stored(String secret) {
    return prefix + secret;
  }
}
