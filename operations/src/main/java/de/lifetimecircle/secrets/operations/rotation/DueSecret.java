package de.lifetimecircle.secrets.operations.rotation;

import java.time.LocalDate;
import java.util.Optional;

/**
 * When a secret is to be rotated. Immutable.
 *
 * @param secret the name in the inventory
 * @param name the name in the store
 * @param state whether something is to be done
 * @param due the day; nothing where it is not known
 * @param days how many days that is from today; negative when it is over
 * @param detail what is to be said about it, in words
 */
public record DueSecret(
    String secret, String name, State state, Optional<LocalDate> due, long days, String detail) {
  /** Whether something is to be done. */
  public enum State {
    /** Its day is to come. */
    LATER,
    /** Its day has come: it is to be rotated. */
    DUE,
    /** Its last rotation was stopped, and waits for somebody. */
    OPEN,
    /** It was rotated, and the grace of the old value is over: that is to be retired. */
    RETIRE,
    /** Nobody can tell when it is due. */
    UNKNOWN
  }
}
