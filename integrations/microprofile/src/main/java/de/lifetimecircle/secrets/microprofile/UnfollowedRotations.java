package de.lifetimecircle.secrets.microprofile;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Warns once at the start of properties that come from a secret and that Quarkus or a connector
 * reads only then, such as {@code quarkus.datasource.password}: logins fail after the next
 * rotation, long after the deployment that caused it. Reads no secret. Stateless.
 */
final class UnfollowedRotations {
  /** A property with its profile, in the form of a file or of a variable of the environment. */
  private static final Pattern READ_AT_START =
      Pattern.compile(
          "(?:%[^.]+\\.)?"
              + "(?<name>(?:quarkus[._]|mp[._]messaging[._]|kafka[._]|rabbitmq-|amqp-).*)",
          Pattern.CASE_INSENSITIVE);

  /** A migration of the database is over before the secret rotates. */
  private static final Pattern DURING_START =
      Pattern.compile("quarkus[._](?:flyway|liquibase).*", Pattern.CASE_INSENSITIVE);

  private UnfollowedRotations() {}

  /**
   * Writes the warning, unless that has happened for the same properties.
   *
   * @param profiles those in force
   */
  static void warn(
      Iterable<ConfigSource> sources, List<String> profiles, ConfiguredSecrets secrets) {
    Map<String, Set<String>> found = find(sources, profiles);
    found.keySet().removeIf(property -> !secrets.isNews(property));
    if (!found.isEmpty()) {
      // A name of its own, so that an application that follows rotations itself can turn it off;
      // asked for only now, because the first logger of a process takes 10 ms.
      System.Logger log = System.getLogger(UnfollowedRotations.class.getName());
      log.log(
          Level.WARNING,
          "Cannot follow the rotation of secrets in these properties, which the application reads"
              + " only at the start: {0}. After a rotation, new connections use the old version and"
              + " fail. Instead, set credentials-provider and credentials-provider-name=secrets for"
              + " a data source (docs/quarkus.md); for Kafka set the callback handler of"
              + " de.lifetimecircle.secrets:secrets-kafka; for another client make its bean"
              + " yourself, and let it ask SecretProvider at each login (docs/recipes.md has"
              + " recipes).",
          found);
    }
  }

  /** The properties and their secrets, by the source with the highest ordinal. */
  private static Map<String, Set<String>> find(
      Iterable<ConfigSource> sources, List<String> profiles) {
    Map<String, Set<String>> found = new TreeMap<>();
    Map<String, Integer> ordinals = new HashMap<>();
    for (ConfigSource source : sources) {
      for (String property : source.getPropertyNames()) {
        Matcher match = READ_AT_START.matcher(property);
        if (match.matches()
            && !DURING_START.matcher(match.group("name")).matches()
            && ExpressionNames.isInForce(property, profiles)
            && source.getOrdinal() >= ordinals.getOrDefault(property, Integer.MIN_VALUE)) {
          ordinals.put(property, source.getOrdinal());
          found.put(
              property,
              ExpressionNames.of(
                  source.getValue(property), name -> value(sources, profiles, name)));
        }
      }
    }
    found.values().removeIf(Set::isEmpty);
    return found;
  }

  /** The value in the source with the highest ordinal; of two in one source that of a profile. */
  private static @Nullable String value(
      Iterable<ConfigSource> sources, List<String> profiles, String property) {
    List<String> forms = new ArrayList<>(List.of(property));
    profiles.forEach(profile -> forms.add("%" + profile + "." + property));
    int highest = Integer.MIN_VALUE;
    String found = null;
    for (ConfigSource source : sources) {
      for (String form : forms) {
        String value = source.getOrdinal() < highest ? null : source.getValue(form);
        if (value != null) {
          highest = source.getOrdinal();
          found = value;
        }
      }
    }
    return found;
  }
}
