package de.lifetimecircle.secrets.kafka;

import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/**
 * The names that a configuration may read. Immutable.
 *
 * @param entries whole names, or folders with a {@code /} at the end, or {@code *} for every name
 */
record AllowedNames(List<String> entries) {
  static final AllowedNames NOTHING = new AllowedNames(List.of());

  /**
   * Reads a list with commas between its entries.
   *
   * @throws ConfigException if an entry is empty or has a {@code *} beside other characters
   */
  static AllowedNames parse(String text) {
    if (text.isBlank()) {
      return NOTHING;
    }
    List<String> entries = List.of(text.strip().split("\\s*,\\s*", -1));
    for (String entry : entries) {
      if (entry.isEmpty() || entry.equals("/") || (entry.contains("*") && !entry.equals("*"))) {
        throw new ConfigException(
            "allow: '" + entry + "' (expected: a name, a folder such as prod/, or * for all)");
      }
    }
    return new AllowedNames(entries);
  }

  boolean allows(String name) {
    return entries.stream()
        .anyMatch(
            entry ->
                entry.equals("*")
                    || (entry.endsWith("/") ? name.startsWith(entry) : name.equals(entry)));
  }
}
