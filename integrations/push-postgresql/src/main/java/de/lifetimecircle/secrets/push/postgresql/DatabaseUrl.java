package de.lifetimecircle.secrets.push.postgresql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a database as libpq and Python write it, or as JDBC does. Immutable; its text shows
 * nothing of it.
 *
 * @param jdbc the URL for the driver, without user and password unless it was one of JDBC
 * @param login user and password, if the URL has them
 */
record DatabaseUrl(String jdbc, Properties login) {
  static final String FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

  /** A password with an @ or slash that is not encoded must not pass for a host: drivers log it. */
  private static final Pattern LIBPQ =
      Pattern.compile("postgres(?:ql)?(?:\\+[a-z0-9_]+)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^@]+)");

  static Optional<DatabaseUrl> parse(String text) {
    if (text.startsWith("jdbc:postgresql:")) {
      return Optional.of(new DatabaseUrl(text, new Properties()));
    }
    Matcher matcher = LIBPQ.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Properties login = new Properties();
    try {
      set(login, "user", matcher.group(1));
      set(login, "password", matcher.group(2));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a percent sign that is not the beginning of an escape
    }
    return Optional.of(new DatabaseUrl("jdbc:postgresql://" + matcher.group(3), login));
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
