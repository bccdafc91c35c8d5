package de.lifetimecircle.secrets.operations.scan;

/**
 * A part that a scan did not search. Immutable.
 *
 * @param place the place
 * @param weight whether a person must do something about it
 * @param reason the reason in words
 */
public record UnscannedPart(String place, Weight weight, String reason) {
  /** The weight of a part that was not searched. */
  public enum Weight {
    /** The part was left out deliberately. */
    NOTE,
    /** The part should have been searched: the scan is incomplete. */
    PROBLEM
  }
}
