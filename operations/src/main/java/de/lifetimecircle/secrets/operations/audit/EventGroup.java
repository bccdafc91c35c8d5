package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;

/**
 * Events that differ in their time only. Immutable.
 *
 * @param event the first of them
 * @param count how many
 * @param last when the last was
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
