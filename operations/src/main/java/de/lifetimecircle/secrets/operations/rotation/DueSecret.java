package de.lifetimecircle.secrets.operations.rotation;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The due date of a secret's rotation. Immutable.
 *
 * @param secret the name in the inventory
 * @param name the name in the store
 * @param state the state
 * @param due the day; empty if unknown
 * @param days the days from today until then; negative if overdue
 * @param made the day on which the value was made, if the detail says nothing else
 * @param detail more in words
 */
public record DueSecret(
    String secret,
    String name,
    State state,
    Optional<LocalDate> due,
    long days,
    Optional<LocalDate> made,
    String detail) {
  /** The state of a secret's rotation. */
  public enum State {
    /** The day is in the future. */
    LATER,
    /** The secret is due: rotate it. */
    DUE,
    /** Its last rotation was interrupted: resume or abandon it. */
    OPEN,
    /** The grace of its old value is over: retire that value. */
    RETIRE,
    /** The due date cannot be determined. */
    UNKNOWN
  }
}
