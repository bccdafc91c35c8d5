package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The versions of a login that a provider has. Safe for use by several threads. */
final class LoginSource {
  private static final Logger LOG = System.getLogger(LoginSource.class.getName());

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

  /** The names of all secrets that the login is made of. */
  List<String> names() {
    return userName == null ? List.of(name) : List.of(userName, name);
  }

  /** The current version, from the cache if it holds one. */
  LoginVersion current() {
    Secret user = userName == null ? null : provider.get(userName);
    return new LoginVersion(provider.get(name), user, url, LoginVersion.Place.CURRENT);
  }

  /** All valid versions, from the cache if it holds them. */
  List<LoginVersion> held() {
    return paired(this::held, LoginVersion::place);
  }

  /** All valid versions, from a list that is no older than this. */
  List<LoginVersion> asOf(Duration maxAge) {
    return paired(secret -> asOf(secret, maxAge), this::place);
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

  /**
   * The place of a version of a fresh list. Its time alone does not tell: the clock of the machine
   * that made a pending version may be behind. The stage comes from the same list.
   */
  private LoginVersion.Place place(Secret version, Secret current) {
    LoginVersion.Place place = LoginVersion.place(version, current);
    return place == LoginVersion.Place.OLDER && isPending(version)
        ? LoginVersion.Place.NEWER
        : place;
  }

  private boolean isPending(Secret version) {
    try {
      VersionSelector pending = VersionSelector.stage(Stage.PENDING);
      return provider.get(version.name(), pending).version().equals(version.version());
    } catch (SecretException e) {
      LOG.log(Level.DEBUG, "No version is pending: {0}", e.kind());
      return false;
    }
  }

  private List<LoginVersion> paired(
      Function<String, List<Secret>> versions,
      BiFunction<Secret, Secret, LoginVersion.Place> places) {
    List<Secret> secrets = versions.apply(name);
    List<Secret> users = userName == null ? List.of() : versions.apply(userName);
    List<LoginVersion> logins = new ArrayList<>(secrets.size());
    for (Secret secret : secrets) {
      LoginVersion.Place place = places.apply(secret, secrets.get(0));
      if (users.isEmpty()) {
        logins.add(new LoginVersion(secret, null, url, place));
      } else {
        for (Secret user : likelyUsers(users, place, places)) {
          logins.add(new LoginVersion(secret, user, url, place));
        }
      }
    }
    return logins;
  }

  /**
   * The users that a password at this place may belong to, the likeliest first.
   *
   * <p>An older password mostly belongs to the current user: on AWS a user secret that changed once
   * has a previous version for good. A user is pending while a rotation changes both secrets, which
   * makes both pending at once, or after such a rotation was given up.
   */
  private static List<Secret> likelyUsers(
      List<Secret> users,
      LoginVersion.Place place,
      BiFunction<Secret, Secret, LoginVersion.Place> places) {
    Secret current = users.get(0);
    for (Secret user : users.subList(1, users.size())) {
      if (places.apply(user, current) == place) {
        return place == LoginVersion.Place.OLDER ? List.of(current, user) : List.of(user, current);
      }
    }
    return List.of(current);
  }
}
