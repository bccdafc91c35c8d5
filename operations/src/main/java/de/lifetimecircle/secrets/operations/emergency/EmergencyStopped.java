package de.lifetimecircle.secrets.operations.emergency;

import org.jspecify.annotations.Nullable;

/**
 * Reports that an emergency stopped at a step, why, and what to do next. The steps before it stay
 * done, and the same command resumes. Its text holds no value. Immutable.
 */
public final class EmergencyStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EmergencyStep step;

  EmergencyStopped(EmergencyStep step, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.step = step;
  }

  /** Returns the step that failed. */
  public EmergencyStep step() {
    return step;
  }
}
