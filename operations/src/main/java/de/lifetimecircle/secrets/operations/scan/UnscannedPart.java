package de.lifetimecircle.secrets.operations.scan;

/**
 * Something that a scan came upon and did not look into. Immutable.
 *
 * @param place where
 * @param weight whether anybody has to do something about it
 * @param reason why, in words
 */
public record UnscannedPart(String place, Weight weight, String reason) {
  /** What it means that it was not seen. */
  public enum Weight {
    /** It is left out on purpose. */
    NOTE,
    /** It should have been looked at: the scan is not complete. */
    PROBLEM
  }
}
