package de.lifetimecircle.secrets.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the URLs that libraries other than JDBC's use, such as {@code
 * postgresql://user:password@host:5432/db?sslmode=require}. Stateless.
 *
 * <p>Messages of its exceptions contain no part of the URL.
 */
final class LoginUrl {
  /** Such as sslpassword and trustCertificateKeyStorePassword, not passwordCharacterEncoding. */
  private static final Pattern OTHER_PASSWORD = Pattern.compile(".*password[0-9]?");

  /** The decoder writes it in place of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\ufffd';

  /** JDBC's word for each scheme, without the name of another language's driver after a plus. */
  private static final Map<String, String> SCHEMES =
      Map.of(
          "postgresql", "postgresql",
          "postgres", "postgresql",
          "mysql", "mysql",
          "mariadb", "mariadb");

  private @Nullable String user;
  private @Nullable String password;
  private final Map<String, String> otherPasswords = new HashMap<>();

  private LoginUrl() {}

  /** Whether the text begins as one of these URLs does. */
  static boolean isOne(String text) {
    return text.indexOf("://") > 0 && SCHEMES.containsKey(scheme(text));
  }

  private static String scheme(String text) {
    String scheme = text.substring(0, text.indexOf("://")).toLowerCase(Locale.ROOT);
    int plus = scheme.indexOf('+');
    return plus < 0 ? scheme : scheme.substring(0, plus);
  }

  /**
   * Reads one.
   *
   * @param text for which {@link #isOne} holds
   * @throws IllegalArgumentException if it is not complete, or not unambiguous
   */
  static DatabaseLogin parse(String text) {
    return new LoginUrl().read(text);
  }

  private DatabaseLogin read(String text) {
    String rest = text.substring(text.indexOf("://") + 3);
    int end = firstOf(rest, '/', '?');
    String authority = rest.substring(0, end);
    String path = rest.substring(end);
    // A slash or a question mark that a password contains as it is would end the authority early,
    // and the rest of the password would become part of the JDBC URL, which drivers print.
    if (path.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "the URL has an @ after its host; percent-encode the special characters of the password");
    }
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      String info = authority.substring(0, at);
      int colon = info.indexOf(':');
      user = decoded(colon < 0 ? info : info.substring(0, colon));
      password = colon < 0 ? null : decoded(info.substring(colon + 1));
    }
    int question = path.indexOf('?');
    String driver = SCHEMES.getOrDefault(scheme(text), scheme(text));
    String query = question < 0 ? "" : parameters(driver, path.substring(question + 1));
    String jdbc =
        "jdbc:"
            + driver
            + "://"
            + authority.substring(at + 1)
            + (question < 0 ? path : path.substring(0, question))
            + (query.isEmpty() ? "" : "?" + query);
    if (user == null || user.isEmpty() || password == null) {
      throw new IllegalArgumentException("the URL names no user or no password");
    }
    return new DatabaseLogin(jdbc, user, password, otherPasswords);
  }

  private static int firstOf(String text, char one, char other) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != one && text.charAt(end) != other) {
      end++;
    }
    return end;
  }

  /** The parameters for the driver, without user and passwords, which libpq reads there too. */
  private String parameters(String driver, String query) {
    StringJoiner kept = new StringJoiner("&");
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String key = decoded(parameter.substring(0, Math.max(equals, 0)));
      String word = key.toLowerCase(Locale.ROOT);
      if (word.equals("user")) {
        user = decoded(parameter.substring(equals + 1));
      } else if (word.equals("password")) {
        password = decoded(parameter.substring(equals + 1));
      } else if (!parameter.isEmpty()) {
        String known = UrlParameters.ofDriver(driver, parameter);
        if (OTHER_PASSWORD.matcher(word).matches()) {
          otherPasswords.put(key, decoded(parameter.substring(equals + 1)));
        } else {
          kept.add(known);
        }
      }
    }
    return kept.toString();
  }

  /** Replaces percent-encoded bytes; a plus is a plus. */
  static String decoded(String text) {
    String plain;
    try {
      plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) { // its text quotes the URL
      throw new IllegalArgumentException(
          "the URL has a % without two hexadecimal digits; percent-encode it as %25");
    }
    if (plain.indexOf(REPLACEMENT) >= 0 && text.indexOf(REPLACEMENT) < 0) {
      throw new IllegalArgumentException("the URL has percent-encoded bytes that are not UTF-8");
    }
    return plain;
  }
}
