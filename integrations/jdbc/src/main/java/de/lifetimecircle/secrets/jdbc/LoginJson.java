package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON object that AWS stores for a database: username, password, engine, host, port,
 * dbname. Stateless.
 *
 * <p>Messages of its exceptions name fields and contain no value.
 */
final class LoginJson {
  /** Keeps a host from adding parameters to the URL; brackets and colons are IPv6. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");

  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_.$-]*");

  private LoginJson() {}

  /**
   * Reads one.
   *
   * @param fixedUrl the JDBC URL to use whatever the object says; null to make it of the object
   * @throws IllegalArgumentException if a field is missing or has another form
   */
  static DatabaseLogin parse(String text, @Nullable String fixedUrl) {
    if (!(Json.parse(text) instanceof Map<?, ?> object)) {
      throw new IllegalArgumentException("the JSON is not an object");
    }
    return new DatabaseLogin(
        fixedUrl == null ? url(object) : fixedUrl,
        text(object, "username").orElseThrow(() -> missing("username")),
        text(object, "password").orElseThrow(() -> missing("password")));
  }

  private static IllegalArgumentException missing(String field) {
    return new IllegalArgumentException("the JSON object has no text in '" + field + "'");
  }

  private static Optional<String> text(Map<?, ?> object, String field) {
    return object.get(field) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String url(Map<?, ?> object) {
    String engine =
        text(object, "engine")
            .orElseThrow(() -> incomplete("has no text in 'engine'"))
            .toLowerCase(Locale.ROOT);
    String host =
        text(object, "host")
            .filter(text -> HOST.matcher(text).matches())
            .map(LoginJson::bracketed)
            .orElseThrow(() -> incomplete("has no host name in 'host'"));
    String database =
        text(object, "dbname")
            .map(
                name -> {
                  if (!DATABASE.matcher(name).matches()) {
                    throw incomplete("has special characters in 'dbname'");
                  }
                  return name;
                })
            .orElse("");
    String port = port(object);
    if (engine.contains("postgres")) {
      return "jdbc:postgresql://" + host + port + "/" + database;
    } else if (engine.equals("mariadb")) {
      return "jdbc:mariadb://" + host + port + "/" + database;
    } else if (engine.equals("mysql") || engine.startsWith("aurora")) {
      return "jdbc:mysql://" + host + port + "/" + database;
    } else if (engine.contains("sqlserver")) {
      return "jdbc:sqlserver://"
          + host
          + port
          + (database.isEmpty() ? "" : ";databaseName=" + database);
    } else if (engine.contains("oracle")) {
      return "jdbc:oracle:thin:@//" + host + port + "/" + database;
    } else if (engine.startsWith("db2")) {
      return "jdbc:db2://" + host + port + "/" + database;
    }
    throw incomplete("has an unknown 'engine'");
  }

  /** An IPv6 address as URLs need it. */
  private static String bracketed(String host) {
    return host.startsWith("[") || host.indexOf(':') == host.lastIndexOf(':')
        ? host
        : "[" + host + "]";
  }

  private static IllegalArgumentException incomplete(String why) {
    return new IllegalArgumentException("the JSON object " + why + ", and no JDBC URL is set");
  }

  /** AWS writes a number; people write text. */
  private static String port(Map<?, ?> object) {
    Object port = object.get("port");
    if (port == null) {
      return "";
    }
    String text = port instanceof BigDecimal number ? number.toPlainString() : String.valueOf(port);
    if (!text.matches("[0-9]{1,5}")) {
      throw incomplete("has no port number in 'port'");
    }
    return ":" + text;
  }
}
