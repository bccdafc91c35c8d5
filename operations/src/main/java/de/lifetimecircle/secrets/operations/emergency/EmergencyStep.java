package de.lifetimecircle.secrets.operations.emergency;

import java.util.Locale;

/** A step of an emergency, in the order of execution. */
public enum EmergencyStep {
  /**
   * Rotates: the new value is generated, tested, served and deployed; the old one is retired
   * without grace.
   */
  ROTATE,
  /** Invalidates every version that was valid at the start, whatever the backend keeps. */
  EXPEL,
  /**
   * Ends sessions that were opened with the old value: calls the hook {@code invalidate-sessions}.
   */
  INVALIDATE_SESSIONS,
  /** Checks that the service works: calls the hook {@code verify}. */
  VERIFY,
  /** Checks that the store serves a new value that obeys the inventory. */
  CONFIRM,
  /** Writes the post-mortem, and updates the runbook if there is one. */
  POST_MORTEM;

  /** Returns the step in small letters: the key of its hook in the inventory, if it has one. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
