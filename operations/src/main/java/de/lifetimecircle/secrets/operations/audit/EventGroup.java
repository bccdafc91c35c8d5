package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;

/**
 * Events that differ only in their time. Immutable.
 *
 * @param event the first of them
 * @param count the number of events
 * @param last the time of the last one
 */
public record EventGroup(AuditEvent event, long count, Instant last) {
  static EventGroup of(AuditEvent event) {
    return new EventGroup(event, 1, event.at());
  }

  EventGroup with(AuditEvent next) {
    AuditEvent first = next.at().isBefore(event.at()) ? next : event;
    return new EventGroup(first, count + 1, next.at().isAfter(last) ? next.at() : last);
  }
}
