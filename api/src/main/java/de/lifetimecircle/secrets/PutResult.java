package de.lifetimecircle.secrets;

/**
 * What a write did. Immutable.
 *
 * @param version the id of the version that now holds the value
 * @param outcome whether a version was made for it
 */
public record PutResult(String version, Outcome outcome) {
  /** What became of the value. */
  public enum Outcome {
    /** The name is new. */
    CREATED,
    /** The name has a new version. */
    UPDATED,
    /** The current version has this very value already; none was made. */
    UNCHANGED
  }
}
