package de.lifetimecircle.secrets.operations.rotation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the rotation log. Immutable; holds no value.
 *
 * @param sequence its number, starting at 1: the order of events, whatever the clock says
 * @param at the time of writing, by the writer's clock
 * @param by the person or program
 * @param rotation the id of the rotation; empty for entries about the log itself
 * @param environment the environment
 * @param secret the name in the inventory
 * @param name the name in the store
 * @param scheme the backend
 * @param event the event
 * @param step the step, if the event is about one
 * @param oldVersion the version that was served when the rotation began
 * @param newVersion the new version; empty before it exists
 * @param note more in words; usually empty
 */
public record LogEntry(
    int sequence,
    Instant at,
    String by,
    String rotation,
    String environment,
    String secret,
    String name,
    String scheme,
    Event event,
    Optional<RotationStep> step,
    String oldVersion,
    String newVersion,
    String note) {

  /** An event of a rotation or of the log. */
  public enum Event {
    /** A rotation was begun. */
    BEGUN,
    /** A step was done. */
    DONE,
    /** A step failed; the rotation waits for a person. */
    STOPPED,
    /** The rotation was resumed. */
    RESUMED,
    /** A rollback to the old value was begun. */
    ROLLING_BACK,
    /** The old value is in service again. */
    ROLLED_BACK,
    /** The rotation was abandoned before the new value was in service. */
    ABANDONED,
    /** The old value is retired; nothing is left to do. */
    FINISHED,
    /** The end of the log, which a crash had cut short, was repaired. */
    MENDED
  }

  /** Returns the line as a document of texts and numbers, without the digests. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("sequence", sequence);
    document.put("at", at.toString());
    document.put("by", by);
    document.put("rotation", rotation);
    document.put("environment", environment);
    document.put("secret", secret);
    document.put("name", name);
    document.put("scheme", scheme);
    document.put("event", event.name());
    document.put("step", step.map(RotationStep::name).orElse(""));
    document.put("oldVersion", oldVersion);
    document.put("newVersion", newVersion);
    document.put("note", note);
    return document;
  }

  static LogEntry of(Map<?, ?> document) {
    String step = VersionChange.text(document, "step");
    return new LogEntry(
        VersionChange.number(document, "sequence"),
        Instant.parse(VersionChange.text(document, "at")),
        VersionChange.text(document, "by"),
        VersionChange.text(document, "rotation"),
        VersionChange.text(document, "environment"),
        VersionChange.text(document, "secret"),
        VersionChange.text(document, "name"),
        VersionChange.text(document, "scheme"),
        Event.valueOf(VersionChange.text(document, "event")),
        step.isEmpty() ? Optional.empty() : Optional.of(RotationStep.valueOf(step)),
        VersionChange.text(document, "oldVersion"),
        VersionChange.text(document, "newVersion"),
        VersionChange.text(document, "note"));
  }

  /** Returns the event as the next line of a log. */
  LogEntry numbered(int next, String more) {
    return new LogEntry(
        next,
        at,
        by,
        rotation,
        environment,
        secret,
        name,
        scheme,
        event,
        step,
        oldVersion,
        newVersion,
        note.isEmpty() ? more : more.isEmpty() ? note : note + "; " + more);
  }
}
