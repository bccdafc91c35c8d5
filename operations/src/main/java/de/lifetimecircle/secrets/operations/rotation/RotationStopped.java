package de.lifetimecircle.secrets.operations.rotation;

import org.jspecify.annotations.Nullable;

/**
 * Reports that a rotation stopped at a step: the reason, the served value, and the options. Its
 * text holds no value. Immutable.
 */
public final class RotationStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The value in service after a stop. */
  public enum Served {
    /** The old value: nothing was promoted, or another writer restored it. */
    OLD,
    /** The new value: it was promoted. */
    NEW,
    /** Neither: another writer has set a value meanwhile. */
    OTHER,
    /** None: another writer has deleted the secret. */
    NONE;

    /** Returns the beginning of a sentence, such as {@code The old value}. */
    public String words() {
      return switch (this) {
        case OLD -> "The old value";
        case NEW -> "The new value";
        case OTHER -> "A value that another writer has set";
        case NONE -> "No value";
      };
    }
  }

  private final RotationStep step;
  private final Served served;

  RotationStopped(RotationStep step, Served served, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.step = step;
    this.served = served;
  }

  /** Returns the step that failed. */
  public RotationStep step() {
    return step;
  }

  /** Returns which value is in service now. */
  public Served served() {
    return served;
  }
}
