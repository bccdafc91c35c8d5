package de.lifetimecircle.secrets.operations.emergency;

import org.jspecify.annotations.Nullable;

/**
 * Says that an emergency stopped at a step, why, and what to do next. What was done before is kept,
 * and the same command goes on. Its text holds no value. Immutable.
 */
public final class EmergencyStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EmergencyStep step;

  EmergencyStopped(EmergencyStep step, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.step = step;
  }

  /** The step that could not be done. */
  public EmergencyStep step() {
    return step;
  }
}
