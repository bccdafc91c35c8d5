package de.lifetimecircle.secrets.stress;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a suite: pairs of a known name and a number. Immutable. */
final class Arguments {
  private final Map<String, Long> given;

  private Arguments(Map<String, Long> given) {
    this.given = given;
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for an unknown name or a value that is not a number
   */
  static Arguments of(String[] arguments, String... known) {
    Map<String, Long> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!List.of(known).contains(arguments[i]) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            arguments[i] + " (expected: one of " + List.of(known) + " and a number)");
      }
      given.put(arguments[i], Long.valueOf(arguments[i + 1]));
    }
    return new Arguments(Map.copyOf(given));
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  long number(String name, long otherwise) {
    return given.getOrDefault(name, otherwise);
  }
}
