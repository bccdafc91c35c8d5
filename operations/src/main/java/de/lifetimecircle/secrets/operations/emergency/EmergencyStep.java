package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import de.lifetimecircle.secrets.operations.rotation.HookReadiness;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;

/** A step of an emergency: the table of all steps, in the order of execution. */
public enum EmergencyStep implements Worded {
  /**
   * Rotates: the new value is generated, tested, served and deployed; the old one is retired
   * without grace.
   */
  ROTATE(new RotateStep()),
  /** Invalidates every version that was valid at the start, whatever the backend keeps. */
  EXPEL(new ExpelStep()),
  /**
   * Ends sessions that were opened with the old value: calls the hook {@code invalidate-sessions}.
   */
  INVALIDATE_SESSIONS(new HookStep(HookReadiness.SESSIONS, true)),
  /** Checks that the service works: calls the hook {@code verify}. */
  VERIFY(new HookStep(RotationStep.VERIFY.word(), false)),
  /** Checks that the store serves a new value that obeys the inventory. */
  CONFIRM(new ConfirmStep()),
  /** Writes the post-mortem, and updates the runbook if there is one. */
  POST_MORTEM(new PostMortemStep());

  @SuppressWarnings("ImmutableEnumChecker") // actions are stateless
  private final EmergencyAction action;

  EmergencyStep(EmergencyAction action) {
    this.action = action;
  }

  EmergencyAction action() {
    return action;
  }
}
