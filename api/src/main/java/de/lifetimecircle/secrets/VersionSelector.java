package de.lifetimecircle.secrets;

/**
 * Which version of a secret is meant: the current one, one by stage, one by id, or the n-th before
 * the current one. Immutable.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * Secret before = secrets.get("DB_PASSWORD", VersionSelector.previous(1));
 * Secret pinned = secrets.get("DB_PASSWORD", VersionSelector.id(before.version()));
 * }</pre>
 */
public sealed interface VersionSelector {

  /**
   * Selects the current version, whichever that is at the moment of the read.
   *
   * @return a selector that makes a read the same as {@link SecretProvider#get(String)}
   */
  static VersionSelector current() {
    return new ByStage(Stage.CURRENT);
  }

  /**
   * Selects the version that has a stage at the moment of the read.
   *
   * @param stage the part in a rotation; at most one version has it
   * @return a selector; the read fails with {@code VERSION_NOT_FOUND} while no version has the
   *     stage
   */
  static VersionSelector stage(Stage stage) {
    return new ByStage(stage);
  }

  /**
   * Selects exactly one version, whatever its stage.
   *
   * @param version an id as {@link Secret#version()} or {@link SecretVersion#id()} gives it
   * @return a selector; the read fails with {@code VERSION_NOT_FOUND} once the backend has dropped
   *     the version
   * @throws IllegalArgumentException if the id is empty
   */
  static VersionSelector id(String version) {
    return new ById(version);
  }

  /**
   * Selects a version by its distance from the current one.
   *
   * @param n the number of steps back; 0 is the current version, 1 the one before it
   * @return a selector; the read fails with {@code VERSION_NOT_FOUND} if the backend keeps fewer
   *     versions
   * @throws IllegalArgumentException if {@code n} is negative
   */
  static VersionSelector previous(int n) {
    return new NthPrevious(n);
  }

  /**
   * A version chosen by its stage.
   *
   * @param stage the part in a rotation that the version has at the moment of the read
   */
  record ByStage(Stage stage) implements VersionSelector {}

  /**
   * A version chosen by its id.
   *
   * @param version the backend's opaque id, not empty
   */
  record ById(String version) implements VersionSelector {
    /**
     * Checks that the id is not empty.
     *
     * @param version the backend's opaque id
     * @throws IllegalArgumentException if the id is empty
     */
    public ById {
      if (version.isEmpty()) {
        throw new IllegalArgumentException("version: empty (expected: an id of a version)");
      }
    }
  }

  /**
   * A version chosen by its distance from the current one.
   *
   * @param n the number of versions before the current one, 0 or more
   */
  record NthPrevious(int n) implements VersionSelector {
    /**
     * Checks that the distance is not negative.
     *
     * @param n the number of versions before the current one
     * @throws IllegalArgumentException if {@code n} is negative
     */
    public NthPrevious {
      if (n < 0) {
        throw new IllegalArgumentException("n: " + n + " (expected: >= 0)");
      }
    }
  }
}
