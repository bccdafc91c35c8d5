package de.lifetimecircle.secrets.operations.emergency;

import java.util.Locale;

/** One step of an emergency, in the order in which they are done. */
public enum EmergencyStep {
  /** A new value is made, tried, served and deployed; the old one is retired without grace. */
  ROTATE,
  /** What was valid when the emergency began is valid no longer, whatever the backend keeps. */
  EXPEL,
  /** What was opened with the old value is ended: the hook {@code invalidate-sessions}. */
  INVALIDATE_SESSIONS,
  /** The service is well: the hook {@code verify}. */
  VERIFY,
  /** The store serves a value that is new and as the inventory says. */
  CONFIRM,
  /** The post-mortem is written, and the runbook anew where there is one. */
  POST_MORTEM;

  /** In small letters; the key of its hook in the inventory, where it has one. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
