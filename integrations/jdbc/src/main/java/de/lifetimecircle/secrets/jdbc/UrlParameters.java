package de.lifetimecircle.secrets.jdbc;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Translates parameters that libraries of other languages write into a database URL to those of the
 * JDBC driver. Stateless.
 *
 * <p>A driver ignores a parameter that it does not know. For TLS that would be an open connection
 * where the URL asks for a checked one, so unknown words for TLS are refused.
 */
final class UrlParameters {
  /** libpq's words, and asyncpg's {@code ssl}, whose values are those of {@code sslmode}. */
  private static final Map<String, String> POSTGRESQL =
      Map.of(
          "ssl", "sslmode",
          "target_session_attrs", "targetServerType",
          "connect_timeout", "connectTimeout",
          "application_name", "ApplicationName",
          "channel_binding", "channelBinding");

  /** The parameters for TLS that the drivers have, in lower case. */
  private static final Map<String, Set<String>> TLS =
      Map.of(
          "postgresql",
              Set.of(
                  "ssl",
                  "sslmode",
                  "sslfactory",
                  "sslfactoryarg",
                  "sslhostnameverifier",
                  "sslcert",
                  "sslkey",
                  "sslrootcert",
                  "sslpassword",
                  "sslpasswordcallback",
                  "sslnegotiation",
                  "sslresponsetimeout"),
          "mysql", Set.of("sslmode", "tlsversions", "tlsciphersuites", "sslcontextprovider"),
          "mariadb", Set.of("sslmode", "tlssockettype"));

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  /** The words of MySQL's own programs, as the driver of MariaDB has them. */
  private static final Map<String, String> MODES_OF_MARIADB =
      Map.of(
          "disabled", "disable",
          "required", "trust",
          "verify_ca", "verify-ca",
          "verify_identity", "verify-full");

  private UrlParameters() {}

  /**
   * Returns a parameter as the driver reads it.
   *
   * @param driver postgresql, mysql or mariadb
   * @param parameter {@code key=value}, in the encoding of the URL
   * @throws IllegalArgumentException if it asks for TLS in a way that the driver does not know
   */
  static String ofDriver(String driver, String parameter) {
    int equals = parameter.indexOf('=');
    String key = equals < 0 ? parameter : parameter.substring(0, equals);
    String value = equals < 0 ? "" : parameter.substring(equals + 1);
    String word = key.toLowerCase(Locale.ROOT);
    boolean isMode = word.equals("ssl-mode") || word.equals("ssl_mode");
    boolean isKnown =
        TLS.getOrDefault(driver, Set.of()).contains(word)
            || (isMode && !driver.equals("postgresql"));
    if ((word.startsWith("ssl") || word.startsWith("tls")) && !isKnown) {
      throw unknown(key);
    }
    if (driver.equals("postgresql")) {
      return ofPostgresql(key, value, parameter);
    }
    if (isMode) {
      String mode = value.toLowerCase(Locale.ROOT);
      if (driver.equals("mysql")) {
        return "sslMode=" + value;
      } else if (MODES_OF_MARIADB.containsKey(mode)) {
        return "sslMode=" + MODES_OF_MARIADB.get(mode);
      }
      throw unknown(key);
    }
    return parameter;
  }

  private static String ofPostgresql(String key, String value, String parameter) {
    String name = POSTGRESQL.get(key);
    if (name == null || isFlag(key, value)) {
      return parameter;
    }
    return name + "=" + (name.equals("targetServerType") ? serverType(value) : value);
  }

  /** The driver of PostgreSQL has an {@code ssl} of its own, which is true, false or nothing. */
  private static boolean isFlag(String key, String value) {
    return key.equals("ssl")
        && (value.isEmpty() || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"));
  }

  private static String serverType(String value) {
    return SERVER_TYPES.getOrDefault(value, value);
  }

  private static IllegalArgumentException unknown(String key) {
    return new IllegalArgumentException(
        "the URL asks for TLS with '" + key + "', which the JDBC driver would ignore");
  }
}
