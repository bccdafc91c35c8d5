package de.lifetimecircle.secrets;

/**
 * The result of a write. Immutable.
 *
 * @param version the id of the version that now holds the value
 * @param outcome whether a version was made for it
 */
public record PutResult(String version, Outcome outcome) {
  /** The effect of a write. */
  public enum Outcome {
    /** The name is new. */
    CREATED,
    /** The name has a new version. */
    UPDATED,
    /** The current version has this very value already; none was made. */
    UNCHANGED
  }
}
