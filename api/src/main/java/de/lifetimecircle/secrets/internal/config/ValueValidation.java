package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValidator;
import de.lifetimecircle.secrets.SecretValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules for values, by name. */
public record ValueValidation(Map<String, List<SecretValidator>> rules) {
  /** Returns the rules for the same names with this before each. */
  public ValueValidation of(String prefix) {
    Map<String, List<SecretValidator>> whole = new HashMap<>();
    rules.forEach((name, each) -> whole.put(prefix + name, each));
    return new ValueValidation(whole);
  }

  /**
   * Checks a value before it is served or written.
   *
   * @param source where the value is from, for the message
   */
  public void require(String action, String name, String source, SecretValue value) {
    for (SecretValidator rule : rules.getOrDefault(name, List.of())) {
      Optional<String> violation = ask(rule, value);
      if (violation.isPresent()) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, action)
            .name(name)
            .reason("the value from " + source + " breaks a rule (" + violation.get() + ")")
            .advice("Store a value that keeps the rule, or change the rule")
            .build();
      }
    }
  }

  private static Optional<String> ask(SecretValidator rule, SecretValue value) {
    try {
      return rule.violation(value);
    } catch (RuntimeException e) {
      // A rule that fails has not agreed. Its text is left out: it may quote the value.
      return Optional.of("the rule itself failed with " + e.getClass().getName());
    }
  }
}
