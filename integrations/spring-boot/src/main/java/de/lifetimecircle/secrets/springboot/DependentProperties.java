package de.lifetimecircle.secrets.springboot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Finds the properties whose placeholders lead to a secret, through any number of other properties.
 * Asks no backend. Safe for use by several threads.
 */
final class DependentProperties {
  private static final Logger LOG = System.getLogger(DependentProperties.class.getPackageName());

  private final ConfigurableEnvironment environment;
  private final PropertyReads reads;

  DependentProperties(ConfigurableEnvironment environment, PropertyReads reads) {
    this.environment = environment;
    this.reads = reads;
  }

  /** The names by which a secret was read, and every listed property that depends on it. */
  Set<String> of(String secret) {
    Set<String> found = new TreeSet<>(reads.propertiesOf(secret));
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> listed) {
        for (String property : listed.getPropertyNames()) {
          if (secrets(listed.getProperty(property)).contains(secret)) {
            found.add(property);
          }
        }
      }
    }
    return found;
  }

  /** Whether the value of a property comes from a secret, wherever it is set. */
  boolean needsSecret(String property) {
    return !secretsOf(property).isEmpty();
  }

  /** The secrets that the value of a property comes from, wherever it is set. */
  Set<String> secretsOf(String property) {
    SecretReference reference = SecretReference.of(property);
    if (reference != null) {
      return Set.of(reference.name());
    }
    for (PropertySource<?> source : environment.getPropertySources()) {
      @Nullable Object value = source.getProperty(property);
      if (value != null) {
        return secrets(value);
      }
    }
    ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      @Nullable ConfigurationProperty set = source.getConfigurationProperty(name);
      if (set != null) {
        return secrets(set.getValue());
      }
    }
    return Set.of();
  }

  /** The secrets that the placeholders of a value lead to. */
  private Set<String> secrets(@Nullable Object value) {
    if (!(value instanceof CharSequence text) || !text.toString().contains("${")) {
      return Set.of();
    }
    return reads.namesAskedBy(
        () -> {
          try {
            environment.resolvePlaceholders(text.toString());
          } catch (IllegalArgumentException e) { // such as a circular placeholder
            LOG.log(Level.DEBUG, "A property cannot be resolved: {0}", e.getClass().getName());
          }
        });
  }
}
