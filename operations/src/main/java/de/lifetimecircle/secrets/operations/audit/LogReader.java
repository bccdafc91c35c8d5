package de.lifetimecircle.secrets.operations.audit;

import java.util.Map;
import java.util.function.Consumer;

/** Reads the logs of one kind of backend, one after the other, in one thread. */
interface LogReader {
  /** Returns whether a record has this format. */
  boolean recognises(Map<?, ?> record);

  /**
   * Reports the events of a record; none if it is not about secrets.
   *
   * @throws IllegalArgumentException if a fact is missing that every record of this format has
   */
  void read(Map<?, ?> record, Consumer<AuditEvent> sink);

  /** Returns how many records were lost before this one, according to this one. */
  default long lost(Map<?, ?> record) {
    return 0;
  }

  /** Reports requests without a response, after the last log. */
  default void end(Consumer<AuditEvent> sink) {}
}
