package de.lifetimecircle.secrets.operations.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads, or other things that were asked, that are otherwise than the inventory says. Immutable.
 *
 * @param reasons why, at least one
 * @param group what was asked, by whom, from where and when
 */
public record AuditFinding(Set<FindingReason> reasons, EventGroup group) {
  /** Keeps a copy. */
  public AuditFinding {
    reasons = Set.copyOf(reasons);
  }

  /** The reasons, always in the same order. */
  public List<FindingReason> ordered() {
    return Arrays.stream(FindingReason.values()).filter(reasons::contains).toList();
  }
}
