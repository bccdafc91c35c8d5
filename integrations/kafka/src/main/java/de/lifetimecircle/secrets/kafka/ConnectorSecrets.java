package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.spi.Json;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the secrets that the configurations of connectors name. Stateless. */
final class ConnectorSecrets {
  /** A placeholder as Kafka reads it: {@code ${PROVIDER:PATH:KEY}} or {@code ${PROVIDER:KEY}}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]*):([^}:]*)(?::[^}]*)?}");

  private ConnectorSecrets() {}

  /**
   * Returns the secrets of each connector.
   *
   * @param answer the body of {@code GET /connectors?expand=info}
   * @param provider the name under which the worker has the config provider
   * @throws IllegalArgumentException if the body is not such an answer
   */
  static Map<String, Set<String>> of(String answer, String provider) {
    if (!(Json.parse(answer) instanceof Map<?, ?> connectors)) {
      throw new IllegalArgumentException("not a JSON object");
    }
    Map<String, Set<String>> secrets = new TreeMap<>();
    connectors.forEach(
        (connector, shown) -> {
          Set<String> names = new TreeSet<>();
          if (shown instanceof Map<?, ?> expanded
              && expanded.get("info") instanceof Map<?, ?> info
              && info.get("config") instanceof Map<?, ?> config) {
            config.values().forEach(value -> addNames(String.valueOf(value), provider, names));
          }
          secrets.put((String) connector, names);
        });
    return secrets;
  }

  private static void addNames(String value, String provider, Set<String> names) {
    Matcher found = PLACEHOLDER.matcher(value);
    while (found.find()) {
      if (found.group(1).equals(provider)) {
        names.add(found.group(2));
      }
    }
  }
}
