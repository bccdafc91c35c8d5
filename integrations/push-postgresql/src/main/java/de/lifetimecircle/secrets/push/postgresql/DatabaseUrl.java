package de.lifetimecircle.secrets.push.postgresql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a database as libpq and Python write it, or as JDBC does. Immutable; its text shows
 * nothing of it.
 *
 * @param jdbc the URL for the driver, without user and password unless it was one of JDBC
 * @param login user and passwords, if the URL has them
 */
record DatabaseUrl(String jdbc, Properties login) {
  static final String FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

  /** A password with an @ or slash that is not encoded must not pass for a host: drivers log it. */
  private static final Pattern LIBPQ =
      Pattern.compile(
          "postgres(?:ql)?(?:\\+[a-z0-9_]+)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^@?]+)"
              + "(?:\\?([^@]*))?");

  /** The parts of the login that libpq accepts among the parameters, too. */
  private static final Set<String> LOGIN = Set.of("user", "password", "sslpassword");

  /** The values of the driver's own parameter {@code ssl}. */
  private static final Set<String> FLAGS = Set.of("", "true", "false");

  static Optional<DatabaseUrl> parse(String text) {
    if (text.startsWith("jdbc:postgresql:")) {
      return Optional.of(new DatabaseUrl(text, new Properties()));
    }
    Matcher matcher = LIBPQ.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Properties login = new Properties();
    String parameters = Optional.ofNullable(matcher.group(4)).orElse("");
    try {
      set(login, "user", matcher.group(1));
      set(login, "password", matcher.group(2));
      parameters = ofDriver(parameters, login);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a percent sign that is not the beginning of an escape
    }
    return Optional.of(
        new DatabaseUrl("jdbc:postgresql://" + matcher.group(3) + parameters, login));
  }

  /**
   * Returns the parameters for the driver. It has the passwords in its log if they are among them,
   * and takes asyncpg's {@code ssl}, whose values are those of {@code sslmode}, for "if possible".
   */
  private static String ofDriver(String parameters, Properties login) {
    StringJoiner kept = new StringJoiner("&", "?", "").setEmptyValue("");
    for (String parameter : parameters.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String key = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      if (LOGIN.contains(key)) {
        set(login, key, value);
      } else if (key.equals("ssl") && !FLAGS.contains(value.toLowerCase(Locale.ROOT))) {
        kept.add("sslmode=" + value);
      } else if (!parameter.isEmpty()) {
        kept.add(parameter);
      }
    }
    return kept.toString();
  }

  private static void set(
      Properties login, String key, @org.jspecify.annotations.Nullable String encoded) {
    if (encoded != null && !encoded.isEmpty()) {
      // A plus sign is one in this part of a URL, though not in a form.
      String plain = encoded.replace("+", "%2B");
      login.setProperty(key, URLDecoder.decode(plain, StandardCharsets.UTF_8));
    }
  }

  @Override
  public String toString() {
    return "DatabaseUrl[redacted]";
  }
}
