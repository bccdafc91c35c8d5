package de.lifetimecircle.secrets.operations.audit;

import java.util.Map;
import java.util.function.Consumer;

/** How the logs of one kind of backend are read: one after the other, in one thread. */
interface LogReader {
  /** Whether a record is of this kind. */
  boolean recognises(Map<?, ?> record);

  /**
   * Tells the events of a record; none where it is about something else than secrets.
   *
   * @throws IllegalArgumentException if a fact is missing that every such record has
   */
  void read(Map<?, ?> record, Consumer<AuditEvent> sink);

  /** How many records before this one were lost, as it says itself. */
  default long lost(Map<?, ?> record) {
    return 0;
  }

  /** Tells what was left open, after the last log. */
  default void end(Consumer<AuditEvent> sink) {}
}
