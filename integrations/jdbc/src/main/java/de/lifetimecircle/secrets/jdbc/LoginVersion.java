package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of a login: of one secret that has all of it, or of two. Immutable; {@code toString}
 * shows no value.
 *
 * @param secret the whole login, or its password
 * @param user the user's name; null if the other secret has it
 * @param url the JDBC URL; null if the secret has it
 */
record LoginVersion(Secret secret, @Nullable Secret user, @Nullable String url, Place place) {
  /** The place of a version beside the current one. */
  enum Place {
    /** The version that is served. */
    CURRENT,
    /** Made after it, so it may be pending. */
    NEWER,
    /** Made before it. */
    OLDER
  }

  /**
   * Where a version is beside the current one. Backends without pending versions have only older
   * ones; a time that is unknown or the same counts as newer, because a pending password that is
   * not tried would cost more than an old one that is.
   */
  static Place place(Secret version, Secret current) {
    if (version.version().equals(current.version())) {
      return Place.CURRENT;
    }
    Optional<Instant> made = version.created();
    Optional<Instant> served = current.created();
    boolean isOlder = made.isPresent() && served.isPresent() && made.get().isBefore(served.get());
    return isOlder ? Place.OLDER : Place.NEWER;
  }

  /**
   * Reads the login.
   *
   * @throws SecretException {@code INVALID_VALUE} if the value has another form; never shows it
   */
  DatabaseLogin login() {
    String text = secret.asString();
    if (user != null && url != null) {
      return new DatabaseLogin(url, user.asString(), text);
    }
    try {
      if (LoginUrl.isOne(text)) {
        DatabaseLogin login = LoginUrl.parse(text);
        return url == null ? login : new DatabaseLogin(url, login.user(), login.password());
      } else if (text.stripLeading().startsWith("{")) {
        return LoginJson.parse(text, url);
      }
    } catch (IllegalArgumentException e) { // its message has no value, by the rules of both parsers
      throw unusable(String.valueOf(e.getMessage()));
    }
    throw unusable("the value is neither a database URL nor a JSON object");
  }

  private SecretException unusable(String why) {
    return SecretException.of(Kind.INVALID_VALUE, "log in to the database with secret")
        .name(secret.name())
        .scheme(secret.scheme())
        .reason(why)
        .advice(
            "Store postgresql://USER:PASSWORD@HOST:PORT/DATABASE or a JSON object with username,"
                + " password, engine, host, port and dbname")
        .build();
  }

  /** Shows the name, the id of the version and the place. */
  @Override
  public String toString() {
    return "LoginVersion[" + secret.name() + ", " + secret.version() + ", " + place + "]";
  }
}
