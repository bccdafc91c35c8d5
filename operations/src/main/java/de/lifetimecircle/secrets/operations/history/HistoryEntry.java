package de.lifetimecircle.secrets.operations.history;

import java.time.Instant;

/**
 * Something that happened to a secret. Immutable.
 *
 * @param at when
 * @param sequence its number in its source: the order of the events of one instant
 * @param version the version that it is about; may be empty
 * @param by who, as far as a log says; empty if no log says it
 * @param what what, in words
 * @param source the store, the rotation log or an audit log
 */
public record HistoryEntry(
    Instant at, int sequence, String version, String by, String what, Source source) {
  /** Where the program learned of it. */
  public enum Source {
    /** The versions that the backend keeps; no backend says who wrote one. */
    STORE,
    /** The log of rotations: a rotation. */
    ROTATIONS,
    /** The log of rotations: an emergency, whose rotations are lines of their own. */
    EMERGENCIES,
    /** An audit log of this library. */
    AUDIT
  }
}
