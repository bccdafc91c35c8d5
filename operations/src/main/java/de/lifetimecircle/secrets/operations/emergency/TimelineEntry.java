package de.lifetimecircle.secrets.operations.emergency;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of the timeline. Immutable; holds no value.
 *
 * @param at the time, by that person's clock
 * @param by the person
 * @param step the step
 * @param outcome its outcome
 * @param detail more in words; usually empty
 * @param tookMillis its duration in milliseconds; zero if it has none
 */
public record TimelineEntry(
    Instant at, String by, EmergencyStep step, Outcome outcome, String detail, long tookMillis) {
  /** The outcome of a step. */
  public enum Outcome {
    /** The step is done. */
    DONE,
    /** There was nothing to do: the inventory has no program for it. */
    NOTHING,
    /** A drill: the programs were not run. */
    LEFT_OUT,
    /** A part of the step is left to people, and open until a person has done it. */
    OPEN,
    /** The step failed; the emergency waits for a person. */
    FAILED,
    /** A part of the step is done. */
    PART
  }

  /** Returns its duration; zero if it has none. */
  public Duration took() {
    return Duration.ofMillis(tookMillis);
  }
}
