package de.lifetimecircle.secrets.springboot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.PropertyPlaceholderHelper;

/**
 * Finds the placeholders of secrets that would stay as they stand: those without a default of their
 * own, in the value that counts of each listed property. Spring's own parser reads them, so that
 * nested placeholders, defaults and escapes mean here what they mean there. Asks no backend.
 */
final class SecretPlaceholders {
  private static final Logger LOG = System.getLogger(SecretPlaceholders.class.getPackageName());
  private static final String BEGIN = "${";
  private static final PropertyPlaceholderHelper LENIENT =
      new PropertyPlaceholderHelper(BEGIN, "}", ":", '\\', true);
  private static final Pattern LEFT = Pattern.compile("\\$\\{(secret\\.[^:{}]+)}");

  private final ConfigurableEnvironment environment;

  SecretPlaceholders(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /** The secrets whose placeholders are left in a text that Spring has resolved. */
  static Stream<SecretReference> left(String text) {
    return LEFT.matcher(text)
        .results()
        .map(MatchResult::group)
        .map(found -> SecretReference.of(found.substring(BEGIN.length(), found.length() - 1)))
        .flatMap(Stream::ofNullable);
  }

  /**
   * Returns the secrets whose placeholders would stay, each with the first place of one.
   *
   * @param properties those to look at
   * @param isAnswered whether a secret has a value
   */
  Map<SecretReference, String> unanswered(
      Predicate<ConfigurationPropertyName> properties, Predicate<SecretReference> isAnswered) {
    Map<SecretReference, String> found = new LinkedHashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource listed) {
        listed.stream()
            .filter(properties)
            .map(listed::getConfigurationProperty)
            .flatMap(Stream::ofNullable)
            .filter(this::mayHaveOne)
            .filter(property -> counts(property.getName(), source))
            .forEach(
                property ->
                    left(resolved(property, isAnswered))
                        .forEach(
                            secret ->
                                found.putIfAbsent(secret, secret + " in " + place(property))));
      }
    }
    return found;
  }

  private boolean mayHaveOne(ConfigurationProperty property) {
    return property.getValue() instanceof CharSequence text
        && text.toString().contains(BEGIN)
        && text.toString().contains(SecretReference.PREFIX);
  }

  /** Whether no stronger source has the property, or the list that it is an element of. */
  private boolean counts(ConfigurationPropertyName name, ConfigurationPropertySource of) {
    int index = 0;
    while (index < name.getNumberOfElements() && !name.isNumericIndex(index)) {
      index++;
    }
    boolean isInList = index > 0 && index < name.getNumberOfElements();
    ConfigurationPropertyName whole = isInList ? name.chop(index) : name;
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.equals(of)) {
        return true;
      }
      if (source.getConfigurationProperty(whole) != null
          || (isInList
              && source.containsDescendantOf(whole) == ConfigurationPropertyState.PRESENT)) {
        return false;
      }
    }
    return true;
  }

  private String resolved(ConfigurationProperty property, Predicate<SecretReference> isAnswered) {
    try {
      return LENIENT.replacePlaceholders(
          withoutEscaped(property.getValue()),
          name -> {
            @Nullable Object value = value(name);
            if (value != null) {
              return withoutEscaped(value);
            }
            @Nullable SecretReference secret = SecretReference.of(name);
            return secret != null && isAnswered.test(secret) ? "" : null;
          });
    } catch (IllegalArgumentException e) { // such as a circular placeholder, which never resolves
      LOG.log(Level.DEBUG, "A property cannot be resolved: {0}", e.getClass().getName());
      return "";
    }
  }

  /** An escaped placeholder is a text that is meant, and looks like one that was left. */
  private static String withoutEscaped(Object value) {
    return value.toString().replace("\\" + BEGIN, "");
  }

  /** The value of a property as it is set, by Boot's order; a source of secrets is not asked. */
  private @Nullable Object value(String property) {
    if (ConfigurationPropertyName.isValid(property)) {
      ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
      for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
        @Nullable ConfigurationProperty set =
            source.getUnderlyingSource() instanceof SecretsPropertySource
                ? null
                : source.getConfigurationProperty(name);
        if (set != null) {
          return set.getValue();
        }
      }
    }
    for (PropertySource<?> source : environment.getPropertySources()) {
      @Nullable Object value =
          source instanceof SecretsPropertySource
                  || ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
              ? null
              : source.getProperty(property);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The property, and the file and line that it is in if Boot knows. */
  private static String place(ConfigurationProperty property) {
    return property.getName() + (property.getOrigin() != null ? " of " + property.getOrigin() : "");
  }
}
