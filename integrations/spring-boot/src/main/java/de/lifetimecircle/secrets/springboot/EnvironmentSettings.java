package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the settings of the library from Boot's environment: the keys of {@code secrets.properties}
 * after the prefix {@code secrets.}, from the source that wins in Boot.
 *
 * <p>The library itself reads system properties and the environment of the process. So a key that
 * is set there is left to it, unless a stronger source of Boot, such as the command line, has the
 * key too. Stateless.
 */
final class EnvironmentSettings {
  static final String PREFIX = "secrets.";

  private static final String VARIABLES = "SECRETS_";

  private EnvironmentSettings() {}

  /** A value as Boot resolves it, and the place in Boot's configuration that has it. */
  record Found(String value, String source) {
    @Override
    public String toString() {
      return "Found[redacted, from " + source + "]";
    }
  }

  /**
   * Returns the settings by their keys, without the prefix.
   *
   * @throws SecretException {@code CONFIGURATION} with all that cannot be resolved
   */
  static Map<String, Found> of(ConfigurableEnvironment environment) {
    Map<String, String> known = known();
    ConfigProblems problems = new ConfigProblems();
    Map<String, Found> settings = new LinkedHashMap<>();
    Set<String> decided = new HashSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      switch (source.getName()) {
        case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME ->
            known.values().stream()
                .filter(key -> source.containsProperty(variable(key)))
                .forEach(decided::add);
        case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
            keys(source, known, problems).values().forEach(decided::add);
        default ->
            keys(source, known, problems)
                .forEach(
                    (property, key) -> {
                      if (decided.add(key)) {
                        String value = value(environment, source, property, problems);
                        settings.put(key, new Found(value, place(source, property)));
                      }
                    });
      }
    }
    problems.throwIfAny();
    return settings;
  }

  /**
   * Checks only the names of the starter's settings, for an application that does not need the
   * others.
   *
   * @throws SecretException {@code CONFIGURATION} with all that are mistyped
   */
  static void requireKnownNames(ConfigurableEnvironment environment) {
    ConfigProblems problems = new ConfigProblems();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (!source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
        keys(source, known(), problems);
      }
    }
    problems.throwIfAny();
  }

  /**
   * Whether a property, or a variable of the process, is a setting whose value must not be shown.
   * The jar that documents a key may be absent, so a setting that is not documented is one too.
   */
  static boolean mayBearSecret(String property) {
    boolean isVariable = property.toUpperCase(Locale.ROOT).startsWith(VARIABLES);
    if (!isVariable && !property.startsWith(PREFIX)) {
      return false;
    }
    String key = property.substring(PREFIX.length());
    String name = isVariable ? PREFIX + key.toLowerCase(Locale.ROOT).replace('_', '.') : property;
    return !(StarterSettings.contain(name)
        || name.startsWith(PREFIX + "validate")
        || name.equals(PREFIX + "config")
        || SecretProviderBuilder.keys().stream()
            .filter(known -> known.sensitivity() == ConfigKey.Sensitivity.PUBLIC)
            .anyMatch(
                known ->
                    isVariable
                        ? variable(known.name()).equalsIgnoreCase(property)
                        : uniform(known.name()).equals(uniform(key))));
  }

  /** The keys of the library by their uniform spelling. */
  private static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    for (ConfigKey key : SecretProviderBuilder.keys()) {
      known.put(uniform(key.name()), key.name());
    }
    return known;
  }

  /** The settings of one source: each property name with its key. */
  private static Map<String, String> keys(
      PropertySource<?> source, Map<String, String> known, ConfigProblems problems) {
    Map<String, String> keys = new LinkedHashMap<>();
    if (source instanceof EnumerablePropertySource<?> listed) {
      for (String property : listed.getPropertyNames()) {
        if (property.startsWith(PREFIX) && !StarterSettings.contain(property)) {
          // Boot's way to keep a '/' in a key: secrets.validate[prod/DB].min-length.
          String key = property.substring(PREFIX.length()).replace("[", ".").replace("]", "");
          StarterSettings.mistake(property, known.values())
              .ifPresentOrElse(
                  problems::add, () -> keys.put(property, known.getOrDefault(uniform(key), key)));
        }
      }
    }
    return keys;
  }

  /** The property, and the file and line that it is in if Boot knows, else its source. */
  private static String place(PropertySource<?> source, String property) {
    Origin origin = OriginLookup.getOrigin(source, property);
    return property + " of " + (origin != null ? origin : source.getName());
  }

  private static String value(
      ConfigurableEnvironment environment,
      PropertySource<?> source,
      String property,
      ConfigProblems problems) {
    try {
      return environment.resolveRequiredPlaceholders(String.valueOf(source.getProperty(property)));
    } catch (IllegalArgumentException e) { // its text quotes the value
      problems.add(property + ": Spring cannot resolve a placeholder in its value");
      return "";
    }
  }

  /** Boot takes {@code softAge} and {@code soft_age} for {@code soft-age}. */
  private static String uniform(String key) {
    return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static String variable(String key) {
    return VARIABLES + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }
}
