package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;

/**
 * Events that differ in their time only. Immutable.
 *
 * @param event the first of them
 * @param count how many
 * @param last when the last was
 */
public record Group(AuditEvent event, long count, Instant last) {
  static Group of(AuditEvent event) {
    return new Group(event, 1, event.at());
  }

  Group with(AuditEvent next) {
    AuditEvent first = next.at().isBefore(event.at()) ? next : event;
    return new Group(first, count + 1, next.at().isAfter(last) ? next.at() : last);
  }
}
