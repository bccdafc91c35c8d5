package de.lifetimecircle.secrets.operations.emergency;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the timeline. Immutable; holds no value.
 *
 * @param at when, by the clock of who did it
 * @param by who did it
 * @param step the step
 * @param outcome what happened to it
 * @param detail more, in words; empty mostly
 * @param took how long it took; zero where it has no length
 */
public record TimelineEntry(
    Instant at, String by, EmergencyStep step, Outcome outcome, String detail, Duration took) {
  /** What happened to a step. */
  public enum Outcome {
    /** It is done. */
    DONE,
    /** There was nothing to do: the inventory has no program for it. */
    NOTHING,
    /** It is a drill, and the programs were left alone. */
    LEFT_OUT,
    /** A part of it is left to people, and open until somebody has done it. */
    OPEN,
    /** It could not be done; the emergency waits for somebody. */
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
