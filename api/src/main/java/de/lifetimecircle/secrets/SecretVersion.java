package de.lifetimecircle.secrets;

import java.time.Instant;
import java.util.Set;

/**
 * The metadata of one version, without its value. Immutable.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * for (SecretVersion version : secrets.versions("DB_PASSWORD")) { // newest first
 *   System.out.println(version.created() + " " + version.id() + " " + version.stages());
 * }
 * }</pre>
 *
 * @param id the backend's opaque id of the version
 * @param created when the backend stored it, with the backend's precision
 * @param stages the stages it has now; empty for an old one
 */
public record SecretVersion(String id, Instant created, Set<Stage> stages) {
  /**
   * Makes the metadata of one version; a store calls this.
   *
   * @param id the backend's opaque id, not empty
   * @param created {@link Instant#EPOCH} if the backend does not give the time
   * @param stages copied; may be empty
   */
  public SecretVersion {
    stages = Set.copyOf(stages);
  }
}
