package de.lifetimecircle.secrets.springboot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Warns once at the start of properties of Spring that come from a secret, such as {@code
 * spring.datasource.password}: Spring makes pools and clients of them and never reads them again,
 * so logins fail after the next rotation, long after the deployment that caused it.
 *
 * <p>Every property that begins with {@code spring.} is meant, since none of them follows a
 * rotation, but for those that Spring uses during the start alone. Asks no backend. Stateless.
 */
final class UnfollowedRotations {
  /** A name of its own, so that an application that follows rotations itself can turn it off. */
  private static final Logger LOG = System.getLogger(UnfollowedRotations.class.getName());

  private static final String SPRING = "spring.";

  /** A migration of the database is over before the secret rotates. */
  private static final List<String> DURING_START = List.of("spring.flyway.", "spring.liquibase.");

  /** The advice for properties with this beginning; the empty beginning fits all others. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "spring.datasource.",
              "for spring.datasource set secrets.datasource.secret, or secrets.datasource.user,"
                  + " password and url, with de.lifetimecircle.secrets:secrets-jdbc, and remove"
                  + " url, username and password of spring.datasource",
          "spring.kafka.",
              "for spring.kafka set the callback handler and the SSL engine of"
                  + " de.lifetimecircle.secrets:secrets-kafka",
          "spring.ssl.", "for spring.ssl.bundle set secrets.ssl",
          "",
              "for another client make its bean yourself, and let it ask SecretProvider at each"
                  + " login: docs/recipes.md has recipes");

  private UnfollowedRotations() {}

  /** Writes the warning, unless an application above or before this one has written the same. */
  static void warn(ConfigurableEnvironment environment, PropertyReads reads) {
    Map<String, Set<String>> found = find(environment, reads);
    found.keySet().removeIf(property -> !reads.isFirstWarning(property));
    if (!found.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "Cannot follow the rotation of secrets in these properties, which Spring reads only at"
              + " the start: {0}. After a rotation, new connections use the old version and fail."
              + " Instead, {1}.",
          found,
          String.join("; ", instead(found.keySet())));
    }
  }

  /** The properties and their secrets; no value. */
  private static Map<String, Set<String>> find(
      ConfigurableEnvironment environment, PropertyReads reads) {
    DependentProperties dependent = new DependentProperties(environment, reads);
    Map<String, Set<String>> found = new TreeMap<>();
    for (String property : ofSpring(environment)) {
      Set<String> secrets = dependent.secretsOf(property);
      if (!secrets.isEmpty()) {
        found.put(property, secrets);
      }
    }
    return found;
  }

  /** By their uniform names, from variables of the environment too. */
  private static Set<String> ofSpring(ConfigurableEnvironment environment) {
    Set<String> names = new TreeSet<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource listed) {
        listed.stream()
            .map(Object::toString)
            .filter(name -> name.startsWith(SPRING))
            .filter(name -> DURING_START.stream().noneMatch(name::startsWith))
            .forEach(names::add);
      }
    }
    return names;
  }

  private static Set<String> instead(Set<String> properties) {
    Set<String> advice = new TreeSet<>();
    for (String property : properties) {
      String longest =
          INSTEAD.keySet().stream()
              .filter(beginning -> !beginning.isEmpty() && property.startsWith(beginning))
              .findFirst()
              .orElse("");
      advice.add(INSTEAD.getOrDefault(longest, ""));
    }
    return advice;
  }
}
