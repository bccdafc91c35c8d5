package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the rotation log. Immutable; holds no value.
 *
 * @param sequence its number, starting at 1: the order of events, whatever the clock says
 * @param at the time of writing, by the writer's clock
 * @param by the person or program
 * @param rotation the id of the rotation; empty for entries about emergencies and the log itself
 * @param environment the environment
 * @param secret the name in the inventory
 * @param name the name in the store
 * @param scheme the backend; empty for entries about emergencies
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

  /** An event of a rotation, of an emergency or of the log. */
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
    /** An emergency was begun; the rotations that follow are its own. */
    EMERGENCY_BEGUN,
    /** An emergency was resumed. */
    EMERGENCY_RESUMED,
    /** A step of an emergency failed; it waits for a person. */
    EMERGENCY_STOPPED,
    /** All steps of an emergency ran; the note says whether something is left to people. */
    EMERGENCY_ENDED,
    /** The end of the log, which a crash had cut short, was repaired. */
    MENDED;

    /** Returns whether nothing is left to do after it. */
    boolean isEnd() {
      return this == ROLLED_BACK || this == ABANDONED || this == FINISHED;
    }
  }

  /** Returns whether it is about the rotation of a journal, or about a later one of its name. */
  boolean isAbout(RotationJournal journal) {
    return rotation.equals(journal.rotation())
        || (name.equals(journal.stored()) && at.isAfter(journal.at()));
  }

  /** Returns whether it is about an emergency, and not about one of its rotations. */
  public boolean isEmergency() {
    return event.name().startsWith("EMERGENCY_");
  }

  /** Returns the line as a document of texts and numbers, without the digests. */
  public Map<String, Object> document() {
    return RecordMapping.members(this);
  }

  /** Returns the event as the next line of a log. */
  LogEntry numbered(int next, String more) {
    String notes = note.isEmpty() || more.isEmpty() ? note + more : note + "; " + more;
    return RecordMapping.copy(this, LogEntry.class, Map.of("sequence", next, "note", notes));
  }
}
