package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The versions of a login that a provider has. Safe for use by several threads. */
final class LoginSource {
  private final SecretProvider provider;
  private final String name;
  private final @Nullable String userName;
  private final @Nullable String url;

  /**
   * Creates a source.
   *
   * @param name the secret that has the whole login, or the password
   * @param userName the secret that has the user's name; null if the other one does
   * @param url the JDBC URL; null if the secret has it
   */
  LoginSource(
      SecretProvider provider, String name, @Nullable String userName, @Nullable String url) {
    this.provider = provider;
    this.name = name;
    this.userName = userName;
    this.url = url;
  }

  /** The name that messages show: the whole login's, or the password's. */
  String name() {
    return name;
  }

  /** The current version, from the cache if it holds one. */
  LoginVersion current() {
    Secret user = userName == null ? null : provider.get(userName);
    return new LoginVersion(provider.get(name), user, url, LoginVersion.Place.CURRENT);
  }

  /** All valid versions, from the cache if it holds them. */
  List<LoginVersion> held() {
    return paired(this::held);
  }

  /** All valid versions, from a list that is no older than this. */
  List<LoginVersion> asOf(Duration maxAge) {
    return paired(secret -> asOf(secret, maxAge));
  }

  private List<Secret> held(String secret) {
    try {
      return provider.validVersions(secret);
    } catch (SecretException e) {
      requireNoRightToList(e);
      return List.of(provider.get(secret));
    }
  }

  private List<Secret> asOf(String secret, Duration maxAge) {
    try {
      return provider.validVersions(secret, maxAge);
    } catch (SecretException e) {
      requireNoRightToList(e);
      return List.of(provider.get(secret, maxAge));
    }
  }

  /** A service that may read a secret but not list its versions still gets the current one. */
  private static void requireNoRightToList(SecretException e) {
    if (e.kind() != Kind.ACCESS_DENIED && e.kind() != Kind.UNSUPPORTED) {
      throw e;
    }
  }

  private List<LoginVersion> paired(Function<String, List<Secret>> versions) {
    List<Secret> secrets = versions.apply(name);
    List<Secret> users = userName == null ? List.of() : versions.apply(userName);
    List<LoginVersion> logins = new ArrayList<>(secrets.size());
    for (Secret secret : secrets) {
      LoginVersion.Place place = LoginVersion.place(secret, secrets.get(0));
      logins.add(new LoginVersion(secret, user(users, place), url, place));
    }
    return logins;
  }

  /** The user at the same place, since a rotation that changes both makes both pending at once. */
  private static @Nullable Secret user(List<Secret> users, LoginVersion.Place place) {
    for (Secret user : users) {
      if (LoginVersion.place(user, users.get(0)) == place) {
        return user;
      }
    }
    return users.isEmpty() ? null : users.get(0);
  }
}
