package de.lifetimecircle.secrets.operations.check;

/**
 * One result of a check. Immutable; holds no value.
 *
 * @param status the result
 * @param name the name in the store, or the subject of the result
 * @param detail the result in words
 */
public record CheckFinding(Status status, String name, String detail) {
  /** A result of a check. */
  public enum Status {
    /** The store agrees with the inventory. */
    OK,
    /** A problem is near, or the check could not look. */
    WARN,
    /** The store contradicts the inventory. */
    FAIL
  }
}
