package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.rotation.HookWatch;
import java.time.Duration;

/** Receives each step of an emergency, on the thread that runs it. */
public interface EmergencyListener extends HookWatch {
  /**
   * Asks a person whether to run the plan, before anything is done; returns if the answer is yes,
   * and throws otherwise.
   *
   * @param question the question in the person's language
   */
  default void asks(String question) {}

  /**
   * Returns the new value of a secret that nothing generates, from a person; the caller closes it.
   *
   * @param stored the name in the store
   * @param advice where to get one, in the person's language
   */
  default SecretValue supplies(String stored, String advice) {
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, "replace secret")
        .name(stored)
        .reason("a person must supply its new value, and nobody can be asked")
        .advice(advice)
        .build();
  }

  /**
   * Returns whether a person says, now, that something was done that no program can check.
   *
   * @param question the question in the person's language
   */
  default boolean confirms(String question) {
    return false;
  }

  /**
   * Reports that a step begins.
   *
   * @param elapsed the time since the exposure became known
   */
  default void begins(EmergencyStep step, Duration elapsed) {}

  /**
   * Reports a new line of the timeline.
   *
   * @param elapsed the time since the exposure became known
   */
  default void happened(TimelineEntry moment, Duration elapsed) {}

  @Override
  default void runs(String hook, Duration took, Duration limit, String said) {}
}
