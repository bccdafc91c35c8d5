package de.lifetimecircle.secrets.operations.check;

/**
 * One thing that a check looked at. Immutable; holds no value.
 *
 * @param status how it is
 * @param name the name in the store, or what else it is about
 * @param detail what was found, in words
 */
public record CheckFinding(Status status, String name, String detail) {
  /** How a thing is. */
  public enum Status {
    /** As the inventory says. */
    OK,
    /** Nothing is wrong yet, or it could not be seen whether something is. */
    WARN,
    /** Otherwise than the inventory says. */
    FAIL
  }
}
