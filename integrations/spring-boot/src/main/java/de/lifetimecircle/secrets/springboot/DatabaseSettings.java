package de.lifetimecircle.secrets.springboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * The settings {@code secrets.datasource.…}.
 *
 * @param secret the secret that has the whole login
 * @param user the secret that has the user's name
 * @param password the secret that has the password
 * @param url the JDBC URL, without a password
 * @param waitUpTo how long connections wait for a new password
 * @param evictAfterRotation whether the pool replaces its connections after a rotation
 */
record DatabaseSettings(
    @Nullable String secret,
    @Nullable String user,
    @Nullable String password,
    @Nullable String url,
    @DefaultValue("0s") Duration waitUpTo,
    @DefaultValue("false") boolean evictAfterRotation) {
  static final String PREFIX = "secrets.datasource";

  /** An empty value takes away one of a weaker source. */
  DatabaseSettings {
    secret = setOrNull(secret);
    user = setOrNull(user);
    password = setOrNull(password);
    url = setOrNull(url);
  }

  private static @Nullable String setOrNull(@Nullable String value) {
    return StringUtils.hasText(value) ? value : null;
  }

  /** The secrets that the login is made of. */
  List<String> names() {
    return Stream.of(secret, user, password).filter(Objects::nonNull).toList();
  }

  /** Says why the settings are no login, in a list to add to. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (secret != null) {
      requireUnset("user", user, problems);
      requireUnset("password", password, problems);
    } else if (user == null && password == null) {
      problems.add(
          PREFIX
              + ".secret: not set (expected: the secret with the login, or user, password and url)");
    } else {
      requireSet("user", user, "the secret with the user's name", problems);
      requireSet("password", password, "the secret with the password", problems);
      requireSet("url", url, "the JDBC URL, without user and password", problems);
    }
    if (waitUpTo.isNegative()) {
      problems.add(PREFIX + ".wait-up-to: " + waitUpTo + " (expected: >= 0)");
    }
    return problems;
  }

  private static void requireUnset(String key, @Nullable String value, List<String> problems) {
    if (value != null) {
      String property = PREFIX + "." + key;
      problems.add(
          PREFIX
              + ".secret and "
              + property
              + " both say how to log in (expected: one; remove "
              + property
              + ", or use user, password and url without secret)");
    }
  }

  private static void requireSet(
      String key, @Nullable String value, String expected, List<String> problems) {
    if (value == null) {
      problems.add(PREFIX + "." + key + ": not set (expected: " + expected + ")");
    }
  }
}
