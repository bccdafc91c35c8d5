package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Which secret has the login, as the options {@code secret} and {@code username} of {@code
 * sasl.jaas.config} say. Immutable.
 *
 * @param name the secret
 * @param field the field of a JSON object that has the password; empty if the secret is the
 *     password
 * @param user the user's name; null if the field {@code username} of the secret has it
 */
record SaslLogin(String name, String field, @Nullable String user) {
  private static final String ADVICE =
      " Write sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
          + " username=\"USER\" secret=\"NAME\";";

  /**
   * Reads the options.
   *
   * @throws ConfigException if they name no secret, or have a password, or no user where the secret
   *     is the bare password
   */
  static SaslLogin of(List<AppConfigurationEntry> entries) {
    Map<String, ?> options = entries.isEmpty() ? Map.of() : entries.get(0).getOptions();
    Object secret = options.get("secret");
    Object user = options.get("username");
    if (!(secret instanceof String text) || text.isEmpty()) {
      throw new ConfigException(
          "Cannot log in to Kafka: sasl.jaas.config has no option secret." + ADVICE);
    }
    if (options.containsKey("password")) {
      throw new ConfigException(
          "Cannot log in to Kafka: sasl.jaas.config has the options secret and password. Remove"
              + " the password.");
    }
    int hash = text.indexOf('#');
    String name = hash < 0 ? text : text.substring(0, hash);
    String field = hash < 0 ? "" : text.substring(hash + 1);
    if (user == null && hash < 0) {
      field = "password"; // such as {"username": …, "password": …}
    }
    return new SaslLogin(name, field, user == null ? null : user.toString());
  }

  /** The user of a version. */
  String user(Secret version) {
    return user != null ? user : version.value().json("username");
  }

  /** The password of a version; the caller overwrites the characters. */
  char[] password(Secret version) {
    return field.isEmpty()
        ? version.value().<char[], RuntimeException>useChars(char[]::clone)
        : version.value().json(field).toCharArray();
  }
}
