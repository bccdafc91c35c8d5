package de.lifetimecircle.secrets.operations.rotation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;

/**
 * The due date of a secret's rotation. Immutable.
 *
 * @param secret the name in the inventory
 * @param name the name in the store
 * @param state the state
 * @param due the day; empty if unknown
 * @param days the days from today until then; negative if overdue
 * @param made the day on which the value was made, if the detail says nothing else
 * @param words more in words, up to the end of the grace if there is one
 * @param graceEnd the time from which the old value can be retired; empty without a grace
 */
public record DueSecret(
    String secret,
    String name,
    State state,
    Optional<LocalDate> due,
    long days,
    Optional<LocalDate> made,
    String words,
    Optional<Instant> graceEnd) {
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

  /** Returns more in words, with the time in UTC. */
  public String detail() {
    return detail(Instant::toString);
  }

  /** Returns more in words, with the time as the function writes it. */
  public String detail(Function<Instant, String> time) {
    return graceEnd.map(end -> words + " " + time.apply(end)).orElse(words);
  }
}
