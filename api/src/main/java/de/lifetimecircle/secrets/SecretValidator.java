package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.internal.config.ValidatorCatalog;
import java.util.Optional;

/**
 * A rule that a value must keep before it is served or written.
 *
 * <pre>{@code
 * SecretValidator longEnough =
 *     value ->
 *         value.size() >= 32 ? Optional.empty() : Optional.of("expected: at least 32 bytes");
 * SecretProvider secrets =
 *     SecretProvider.builder().validator("SIGNING_KEY", longEnough).build();
 * }</pre>
 *
 * <p>Called on any thread; must not keep the value, and must not put anything of it into its
 * answer.
 */
@FunctionalInterface
public interface SecretValidator {
  /**
   * Checks a value. A rule that throws counts as broken.
   *
   * @param value the value before it is served or written; must not be kept or closed
   * @return empty if it keeps the rule; else what was expected, without the value: {@code
   *     "expected: at least 32 bytes"}
   */
  Optional<String> violation(SecretValue value);

  /**
   * Returns the rule that {@code validate.NAME.check} has in a configuration.
   *
   * @param check {@code postgresql-url}, {@code json-object} or {@code hex}
   * @return the rule
   * @throws IllegalArgumentException if there is no such rule
   */
  static SecretValidator ofCheck(String check) {
    return ValidatorCatalog.check(check)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "check: " + check + " (expected: one of " + ValidatorCatalog.checks() + ")"));
  }
}
