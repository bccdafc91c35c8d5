package de.lifetimecircle.secrets.operations.status;

import java.util.Locale;

/** A point of the checklist, in its order. */
public enum ChecklistPoint {
  /** A backend is chosen. */
  DECISION(true),
  /** The values are made. */
  GENERATED(false),
  /** They are stored, and their ids written down. */
  STORED(false),
  /** The least rights are written and granted. */
  POLICIES(true),
  /** The service takes its secrets, validated. */
  SERVICE(true),
  /** The deployment takes its secrets. */
  WORKFLOW(true),
  /** It is planned when each is replaced. */
  ROTATION(false),
  /** It is seen who reads. */
  AUDIT(true),
  /** The emergency is written down and was practised. */
  EMERGENCY(false),
  /** The runbook is up to date. */
  RUNBOOK(false),
  /** Others have taken over. */
  HANDOVER(false);

  private final boolean claimable;

  ChecklistPoint(boolean claimable) {
    this.claimable = claimable;
  }

  /** In small letters, as the command line calls it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a person's word counts where no proof can be had. */
  public boolean claimable() {
    return claimable;
  }
}
