package de.lifetimecircle.secrets;

import java.time.Instant;
import java.util.Set;

/**
 * The metadata of one version, without its value. Immutable.
 *
 * @param id the backend's opaque id of the version
 * @param created when the backend stored it, with the backend's precision
 * @param stages the stages it has now; empty for an old one
 */
public record SecretVersion(String id, Instant created, Set<Stage> stages) {
  /** Copies the stages. */
  public SecretVersion {
    stages = Set.copyOf(stages);
  }
}
