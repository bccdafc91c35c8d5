package de.lifetimecircle.secrets.operations.rotation;

/**
 * Hears of each step of a rotation, on the thread that rotates. What it throws stops the rotation
 * there, as the end of the process would: nothing is undone, and it can be resumed.
 */
@FunctionalInterface
public interface RotationListener {
  /** Where a step is. */
  enum Moment {
    /** It is about to begin. */
    BEFORE,
    /** What it does is done, and the journal does not say so yet. */
    DONE,
    /** The journal says that it is done. */
    RECORDED
  }

  /** Hears nothing. */
  RotationListener SILENT = (name, step, moment) -> {};

  /**
   * A step has come to a moment.
   *
   * @param name the secret's name in the store
   */
  void at(String name, RotationStep step, Moment moment);

  /**
   * Something that a person should know and that stops nothing, such as a clock that was set back.
   *
   * @param text a sentence without its full stop, without a value
   */
  default void note(String text) {}
}
