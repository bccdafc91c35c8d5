package de.lifetimecircle.secrets.operations.emergency;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the timeline. Immutable; holds no value.
 *
 * @param at the time, by that person's clock
 * @param by the person
 * @param step the step
 * @param outcome its outcome
 * @param detail more in words; usually empty
 * @param took its duration; zero if it has none
 */
public record TimelineEntry(
    Instant at, String by, EmergencyStep step, Outcome outcome, String detail, Duration took) {
  /** The outcome of a step. */
  public enum Outcome {
    /** The step is done. */
    DONE,
    /** There was nothing to do: the inventory has no program for it. */
    NOTHING,
    /** A drill: the programs were not run. */
    LEFT_OUT,
    /** A part of the step is left to people, and open until somebody has done it. */
    OPEN,
    /** The step failed; the emergency waits for a person. */
    FAILED,
    /** A part of the step is done. */
    PART
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("at", at.toString());
    document.put("by", by);
    document.put("step", step.name());
    document.put("outcome", outcome.name());
    document.put("detail", detail);
    document.put("tookMillis", took.toMillis());
    return document;
  }

  static TimelineEntry of(Map<?, ?> document) {
    return new TimelineEntry(
        Instant.parse(EmergencyFields.text(document, "at")),
        EmergencyFields.text(document, "by"),
        EmergencyStep.valueOf(EmergencyFields.text(document, "step")),
        Outcome.valueOf(EmergencyFields.text(document, "outcome")),
        EmergencyFields.text(document, "detail"),
        Duration.ofMillis(EmergencyFields.number(document, "tookMillis")));
  }
}
