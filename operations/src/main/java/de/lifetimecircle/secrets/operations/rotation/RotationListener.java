package de.lifetimecircle.secrets.operations.rotation;

import java.time.Duration;

/**
 * Receives each step of a rotation, on the thread that rotates. An exception stops the rotation as
 * the end of the process would: nothing is undone, and the rotation can be resumed.
 */
@FunctionalInterface
public interface RotationListener {
  /** A moment of a step. */
  enum Moment {
    /** The step is about to begin. */
    BEFORE,
    /** The step is done, and the journal does not record it yet. */
    DONE,
    /** The journal records that the step is done. */
    RECORDED
  }

  /** Ignores every step. */
  RotationListener SILENT = (name, step, moment) -> {};

  /**
   * Reports a moment of a step.
   *
   * @param name the secret's name in the store
   */
  void at(String name, RotationStep step, Moment moment);

  /**
   * Reports something that a person should know and that stops nothing, such as a clock that was
   * set back.
   *
   * @param text a sentence without its full stop, without a value
   */
  default void note(String text) {}

  /** Reports a hook that still runs; see {@link HookWatch}. */
  default void runs(String hook, Duration took, Duration limit, String said) {}
}
