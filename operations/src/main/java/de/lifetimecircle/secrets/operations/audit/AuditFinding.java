package de.lifetimecircle.secrets.operations.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Requests that contradict the inventory, with the reasons. Immutable.
 *
 * @param reasons the reasons, at least one
 * @param group the requests
 */
public record AuditFinding(Set<FindingReason> reasons, EventGroup group) {
  /** Copies the reasons. */
  public AuditFinding {
    reasons = Set.copyOf(reasons);
  }

  /** Returns the reasons, always in the same order. */
  public List<FindingReason> ordered() {
    return Arrays.stream(FindingReason.values()).filter(reasons::contains).toList();
  }
}
