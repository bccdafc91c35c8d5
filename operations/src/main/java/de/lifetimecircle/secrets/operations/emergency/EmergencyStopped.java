package de.lifetimecircle.secrets.operations.emergency;

import org.jspecify.annotations.Nullable;

/**
 * Reports that an emergency stopped at a step, why, and what to do next. The steps before it stay
 * done, and the same command resumes. Its text holds no value. Immutable.
 *
 * <p>The step is in the text only: the reporter of errors, which every command has, sees this
 * class, and {@link EmergencyStep} leads to the library of the documents.
 */
public final class EmergencyStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmergencyStopped(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
