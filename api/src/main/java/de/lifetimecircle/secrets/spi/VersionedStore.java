package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretVersion;
import java.util.List;

/**
 * A store that keeps versions; goes with {@link Capability#VERSIONS}. A backend that has other
 * words for the stages translates them:
 *
 * <pre>{@code
 * List<String> labels = List.of("AWSCURRENT"); // of one version, as the backend gives them
 * Set<Stage> stages = EnumSet.noneOf(Stage.class);
 * if (labels.contains("AWSCURRENT")) {
 *   stages.add(Stage.CURRENT);
 * }
 * SecretVersion version = new SecretVersion("17", Instant.EPOCH, stages);
 * }</pre>
 */
public interface VersionedStore extends SecretStore {

  /**
   * Reads exactly that version, whatever its stage.
   *
   * @param name the name with the setting {@code prefix}
   * @param version the backend's id; may come from a user, so it may be malformed
   * @return the version; the receiver owns and closes its value
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND} if there is no such name,
   *     or the version has no value under it; {@code VERSION_NOT_FOUND} if it has no such version
   */
  StoredSecret fetchVersion(String name, String version);

  /**
   * Lists the versions of a secret without their values.
   *
   * @param name the name with the setting {@code prefix}
   * @return all versions, newest first: a total order that is the same at every call, with at most
   *     one version a stage
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  List<SecretVersion> versions(String name);
}
