package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.inventory.Worded;

/** A point of the checklist, in its order. */
public enum ChecklistPoint implements Worded {
  /** A backend is chosen. */
  DECISION(true),
  /** The values are generated. */
  GENERATED(false),
  /** The values are stored, and their ids documented. */
  STORED(false),
  /** The least-privilege policies are written and granted. */
  POLICIES(true),
  /** The service reads its secrets, validated. */
  SERVICE(true),
  /** The deployment reads its secrets. */
  WORKFLOW(true),
  /** The rotations are planned. */
  ROTATION(true),
  /** Reads are monitored. */
  AUDIT(true),
  /** The emergency is documented and was practised. */
  EMERGENCY(true),
  /** The runbook is up to date. */
  RUNBOOK(false),
  /** DevOps and SRE have the hand-over. */
  HANDOVER(false);

  private final boolean claimable;

  ChecklistPoint(boolean claimable) {
    this.claimable = claimable;
  }

  /** Returns whether the evidence for the point comes from the store. */
  boolean needsStore() {
    return switch (this) {
      case GENERATED, STORED, ROTATION, RUNBOOK, HANDOVER -> true;
      default -> false;
    };
  }

  /** Returns whether a person's claim counts, because no program can check the point. */
  public boolean claimable() {
    return claimable;
  }
}
