package de.lifetimecircle.secrets.operations.audit;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups equal events; beyond a limit of groups, events are only counted. Used by one thread. */
final class EventGroups {
  /** As many groups as a person may review; a log can have any number. */
  private static final int MOST = 10_000;

  private record Key(
      List<FindingReason> reasons,
      String principal,
      String operation,
      String name,
      String place,
      String outcome) {}

  private final Map<Key, EventGroup> groups = new HashMap<>();
  private long more;

  /** Adds an event and returns whether it is in a group. */
  boolean add(List<FindingReason> reasons, AuditEvent event) {
    Key key =
        new Key(
            reasons,
            event.principal(),
            event.operation(),
            event.name(),
            event.place(),
            event.outcome());
    if (groups.size() == MOST && !groups.containsKey(key)) {
      more++;
      return false;
    }
    groups.merge(key, EventGroup.of(reasons, event), (known, one) -> known.with(event));
    return true;
  }

  /** Returns how many events are in no group. */
  long more() {
    return more;
  }

  /** Returns the groups, the earliest first. */
  List<EventGroup> list() {
    return groups.values().stream()
        .sorted(
            Comparator.comparing((EventGroup group) -> group.event().at())
                .thenComparing(group -> group.event().toString()))
        .toList();
  }
}
