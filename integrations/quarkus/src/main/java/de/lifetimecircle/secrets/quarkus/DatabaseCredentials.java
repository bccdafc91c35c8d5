package de.lifetimecircle.secrets.quarkus;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import io.quarkus.credentials.CredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a user and a password from the forms in which a database's login is stored. Stateless. */
final class DatabaseCredentials {
  /** Also matches a URL that ends in a line feed, as the content of a file often does. */
  private static final Pattern URL =
      Pattern.compile("[a-z][a-z0-9+]*://([^/?#]*)(?:[/?#].*)?", Pattern.DOTALL);

  private DatabaseCredentials() {}

  /**
   * Reads a version.
   *
   * @throws SecretException {@code INVALID_VALUE} if it has no login; shows no part of it
   */
  static Map<String, String> of(Secret secret) {
    String text = secret.asString();
    Matcher url = URL.matcher(text);
    if (url.matches()) {
      return ofUrl(secret, url.group(1));
    }
    if (text.stripLeading().startsWith("{")) {
      return login(secret.value().json("username"), secret.value().json("password"));
    }
    return Map.of(CredentialsProvider.PASSWORD_PROPERTY_NAME, text);
  }

  private static Map<String, String> ofUrl(Secret secret, String authority) {
    int at = authority.lastIndexOf('@');
    int colon = authority.indexOf(':');
    if (at < 0 || colon < 0 || colon > at) {
      throw unusable(secret);
    }
    try {
      return login(
          decoded(authority.substring(0, colon)), decoded(authority.substring(colon + 1, at)));
    } catch (IllegalArgumentException e) { // its text quotes the password
      throw unusable(secret);
    }
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> login(String user, String password) {
    return Map.of(
        CredentialsProvider.USER_PROPERTY_NAME,
        user,
        CredentialsProvider.PASSWORD_PROPERTY_NAME,
        password);
  }

  private static SecretException unusable(Secret secret) {
    return SecretException.of(Kind.INVALID_VALUE, "log in with secret")
        .name(secret.name())
        .scheme(secret.scheme())
        .reason("its URL has no user and password that can be read")
        .advice("Store postgresql://USER:PASSWORD@HOST:PORT/DATABASE, percent-encoded")
        .build();
  }
}
