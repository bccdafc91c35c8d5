package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;
import java.util.List;

/**
 * Events that differ only in their time. Immutable.
 *
 * @param reasons why they contradict the inventory, always in the same order; empty if they were
 *     not judged
 * @param event the first of them
 * @param count the number of events
 * @param last the time of the last one
 */
public record EventGroup(List<FindingReason> reasons, AuditEvent event, long count, Instant last) {
  static EventGroup of(List<FindingReason> reasons, AuditEvent event) {
    return new EventGroup(reasons, event, 1, event.at());
  }

  EventGroup with(AuditEvent next) {
    AuditEvent first = next.at().isBefore(event.at()) ? next : event;
    return new EventGroup(reasons, first, count + 1, next.at().isAfter(last) ? next.at() : last);
  }
}
