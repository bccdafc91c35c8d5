package de.lifetimecircle.secrets;

/**
 * Which version of a secret is meant: the current one, one by stage, one by id, or the n-th before
 * the current one. Immutable.
 */
public sealed interface VersionSelector {

  /** The current version, whichever that is at the moment of the call. */
  static VersionSelector current() {
    return new ByStage(Stage.CURRENT);
  }

  /** The version that has that stage now. */
  static VersionSelector stage(Stage stage) {
    return new ByStage(stage);
  }

  /**
   * Exactly that version.
   *
   * @param version an id as {@link Secret#version()} or {@link SecretVersion#id()} gives it
   */
  static VersionSelector id(String version) {
    return new ById(version);
  }

  /**
   * The version {@code n} steps older than the current one; 0 is the current one.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  static VersionSelector previous(int n) {
    return new NthPrevious(n);
  }

  /**
   * A version chosen by its stage.
   *
   * @param stage the stage
   */
  record ByStage(Stage stage) implements VersionSelector {}

  /**
   * A version chosen by its id.
   *
   * @param version the opaque id
   */
  record ById(String version) implements VersionSelector {
    /** Checks that the id is not empty. */
    public ById {
      if (version.isEmpty()) {
        throw new IllegalArgumentException("version: empty (expected: an id of a version)");
      }
    }
  }

  /**
   * A version chosen by its distance from the current one.
   *
   * @param n how many versions back
   */
  record NthPrevious(int n) implements VersionSelector {
    /** Checks that the distance is not negative. */
    public NthPrevious {
      if (n < 0) {
        throw new IllegalArgumentException("n: " + n + " (expected: >= 0)");
      }
    }
  }
}
