package de.lifetimecircle.secrets.microprofile;

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
 * left to it. SmallRye also lists each variable in a dotted form of its own, such as {@code
 * secrets.gpg.key.file}, which is no key. Stateless.
 */
final class ConfigSettings {
  private static final String PREFIX = "secrets.";

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
    Map<String, String> settings = new TreeMap<>();
    for (String property : properties) {
      String set = variables.contains(variable(property)) ? null : value.apply(property);
      if (set != null) {
        // SmallRye writes a key with a '/' in quotes: secrets.validate."prod/DB".min-length.
        settings.put(property.substring(PREFIX.length()).replace("\"", ""), set);
      }
    }
    return settings;
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
