package de.lifetimecircle.secrets.microprofile;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of the library from MicroProfile Config: the keys of {@code
 * secrets.properties} after the prefix {@code secrets.}.
 *
 * <p>The library itself reads the environment of the process, so a key that is a variable there is
 * left to it. SmallRye lists each variable, also of Quarkus' file {@code .env}, in a dotted form of
 * its own: {@code secrets.gpg.key.file} stands for the key {@code gpg.key-file}. Stateless.
 */
final class ConfigSettings {
  private static final String PREFIX = "secrets.";

  /** Not of the library: whether each expression of a secret needs an answer. */
  static final String REQUIRE = PREFIX + "require-placeholders";

  private ConfigSettings() {}

  /**
   * Returns the settings by their keys, without the prefix.
   *
   * @param names all property names
   * @param value the value of a property; null if it has none
   * @param variables the names of all variables of the environment
   */
  static Map<String, String> of(
      Iterator<String> names, Function<String, @Nullable String> value, Set<String> variables) {
    Set<String> properties = new TreeSet<>();
    names.forEachRemaining(
        name -> {
          if (name.startsWith(PREFIX)) {
            properties.add(name);
          }
        });
    // A build opens no provider, so its class loaders need not find the backends.
    boolean isUsed = !properties.isEmpty() && !QuarkusBuild.isUnderWay();
    Map<String, String> known = isUsed ? known() : Map.of();
    Map<String, String> settings = new TreeMap<>();
    for (String property : properties) {
      String variable = variable(property);
      if (variables.contains(variable) || variable.equals(variable(REQUIRE))) {
        continue;
      }
      // SmallRye writes a key with a '/' in quotes: secrets.validate."prod/DB".min-length.
      String written = property.substring(PREFIX.length()).replace("\"", "");
      String key = known.getOrDefault(variable, written);
      String set = value.apply(PREFIX + key); // in any form, from the source that wins
      set = set == null ? value.apply(property) : set;
      if (set != null) {
        settings.put(key, set);
      }
    }
    return settings;
  }

  /** The keys of the library by the variable that stands for each. */
  private static Map<String, String> known() {
    Map<String, String> known = new HashMap<>();
    try {
      for (ConfigKey key : SecretProviderBuilder.keys()) {
        known.put(variable(PREFIX + key.name()), key.name());
      }
    } catch (SecretException e) {
      return Map.of(); // a jar that cannot be loaded: whoever opens the provider hears of it
    }
    return known;
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
