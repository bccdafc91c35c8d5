package de.lifetimecircle.secrets.operations.rotation;

import org.jspecify.annotations.Nullable;

/**
 * Says that a rotation stopped at a step and can be gone on with: which value is served, why it
 * stopped, and the ways on. Its text holds no value. Immutable.
 */
public final class RotationStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which value is in service after a stop. */
  public enum Served {
    /** The one from before: nothing was promoted, or somebody brought it back. */
    OLD,
    /** The new one: it was promoted. */
    NEW,
    /** Neither: somebody else has set another one meanwhile. */
    OTHER;

    /** In words that begin a sentence, such as {@code The old value}. */
    public String words() {
      return switch (this) {
        case OLD -> "The old value";
        case NEW -> "The new value";
        case OTHER -> "A value that somebody else has set";
      };
    }
  }

  private final String name;
  private final RotationStep step;
  private final Served served;

  RotationStopped(
      String name, RotationStep step, Served served, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.name = name;
    this.step = step;
    this.served = served;
  }

  /** The secret's name in the store. */
  public String name() {
    return name;
  }

  /** The step that could not be done. */
  public RotationStep step() {
    return step;
  }

  /** Which value is in service now. */
  public Served served() {
    return served;
  }
}
