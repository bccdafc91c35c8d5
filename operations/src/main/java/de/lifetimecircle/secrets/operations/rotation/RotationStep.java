package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.List;

/** A step of a rotation, in the order of execution. */
public enum RotationStep implements Worded {
  /** Begins: nothing prevents the rotation, and the new value is generated or supplied. */
  GENERATE,
  /** Stores the new value as pending, where no service reads it, and reads it back. */
  PENDING,
  /** Calls the hook {@code apply}, which sets the new value in the system that it opens. */
  APPLY,
  /** Calls the hook {@code test}, which tests the new value. */
  TEST,
  /** Promotes: the new value is served. */
  PROMOTE,
  /** Serves the templates that use the new value. */
  RENDER,
  /** Calls the hook {@code deploy}, after which the service uses the new value. */
  DEPLOY,
  /** Calls the hook {@code verify}, which checks that the service works. */
  VERIFY,
  /**
   * After the grace: calls the hook {@code retire}, which revokes the old value and tests that it
   * is refused.
   */
  RETIRE;

  /** The steps that restore the old value. */
  static final List<RotationStep> BACK = List.of(APPLY, TEST, PROMOTE, RENDER, DEPLOY, VERIFY);
}
