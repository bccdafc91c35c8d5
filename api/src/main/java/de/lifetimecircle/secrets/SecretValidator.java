package de.lifetimecircle.secrets;

import java.util.Optional;

/**
 * A rule that a value must keep before it is served or written.
 *
 * <p>Called on any thread; must not keep the value, and must not put anything of it into its
 * answer.
 */
@FunctionalInterface
public interface SecretValidator {
  /**
   * Checks a value.
   *
   * @return nothing if it keeps the rule; else what was expected, without the value: {@code
   *     "expected: at least 32 bytes"}
   */
  Optional<String> violation(SecretValue value);
}
