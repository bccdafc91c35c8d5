package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.SecretProvider;
import java.sql.Driver;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link SecretsDataSource}. Needs {@link #secret} or {@link #login};
 * {@link #build} does no I/O. Not safe for use by several threads.
 */
public final class SecretsDataSourceBuilder {
  /**
   * A user or a password, in the forms that drivers read in a URL, in lower case. PostgreSQL's
   * driver prefers what the URL says to what it is given.
   */
  private static final Pattern LOGIN_IN_URL =
      Pattern.compile(
          "[?&;:({,]\\s*(?:user|username|password|pwd)\\s*="
              + "|^jdbc:(?:mysql|mariadb|postgresql)[^/]*://[^/?]*@"
              + "|^jdbc:oracle:[a-z0-9]+:[^@(/]+/[^@]*@");

  final SecretProvider provider;
  final Map<String, String> properties = new HashMap<>();
  @Nullable Driver driver;
  Duration waitUpTo = Duration.ZERO;
  Duration retryRefusedAfter = Duration.ofSeconds(15);
  Duration evictionSpread = Duration.ofSeconds(10);
  int loginsAtOnce = 1;
  LongSupplier nanoTime = System::nanoTime;
  private @Nullable String name;
  private @Nullable String userName;
  private @Nullable String url;

  SecretsDataSourceBuilder(SecretProvider provider) {
    this.provider = provider;
  }

  /**
   * Names the secret that has the whole login: a URL such as {@code
   * postgresql://user:password@host:5432/db}, or the JSON object that AWS stores for a database.
   */
  public SecretsDataSourceBuilder secret(String name) {
    this.name = name;
    this.userName = null;
    return this;
  }

  /**
   * Names the two secrets that have the user's name and the password; needs {@link #url}. Prefer
   * one secret for both if two users take turns, because these are promoted one after the other.
   */
  public SecretsDataSourceBuilder login(String userName, String passwordName) {
    this.userName = userName;
    this.name = passwordName;
    return this;
  }

  /**
   * Sets the JDBC URL, which then wins over host, port and database in the secret.
   *
   * @throws IllegalArgumentException if it is not a JDBC URL or contains a login; never shows it
   */
  public SecretsDataSourceBuilder url(String jdbcUrl) {
    String text = jdbcUrl.toLowerCase(Locale.ROOT);
    if (!text.startsWith("jdbc:") || LOGIN_IN_URL.matcher(text).find()) {
      throw new IllegalArgumentException("url: (expected: jdbc:..., without user and password)");
    }
    this.url = jdbcUrl;
    return this;
  }

  /** Adds a property of the driver, such as {@code ApplicationName}. */
  public SecretsDataSourceBuilder property(String key, String value) {
    properties.put(key, value);
    return this;
  }

  /** Uses this driver instead of the one that {@link java.sql.DriverManager} finds by the URL. */
  public SecretsDataSourceBuilder driver(Driver driver) {
    this.driver = driver;
    return this;
  }

  /**
   * Lets calls wait for a new password while the database refuses every valid version; default 0.
   *
   * <p>All callers share this time: it begins with the first refusal, and one of them asks the
   * backend, at most ten times a second. When it is used up, calls fail at once until a login
   * succeeds. On backends without pending versions (Azure, Vault) a rotation of one user needs the
   * time from its step {@code apply} to {@code promote}.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SecretsDataSourceBuilder waitUpTo(Duration budget) {
    this.waitUpTo = notNegative("waitUpTo", budget);
    return this;
  }

  /**
   * Sets how long a version that the database refused is not tried again, because failed logins
   * lock accounts; default 15 s. Each further refusal of it doubles the time, up to eight times as
   * long.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SecretsDataSourceBuilder retryRefusedAfter(Duration time) {
    this.retryRefusedAfter = notNegative("retryRefusedAfter", time);
    return this;
  }

  /**
   * Sets how many threads may log in at the same time; default 1. A rotation costs up to this many
   * refused logins.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public SecretsDataSourceBuilder loginsAtOnce(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("loginsAtOnce: " + count + " (expected: >= 1)");
    }
    this.loginsAtOnce = count;
    return this;
  }

  /**
   * Sets the time within which a pool is evicted after a rotation, at a random moment; default 10
   * s.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SecretsDataSourceBuilder evictionSpread(Duration spread) {
    this.evictionSpread = notNegative("evictionSpread", spread);
    return this;
  }

  /** Measures ages by this instead of the machine's monotonic clock. */
  SecretsDataSourceBuilder nanoTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    return this;
  }

  /**
   * Makes a data source.
   *
   * @throws IllegalStateException if it has no secret, or two secrets and no URL
   */
  public SecretsDataSource build() {
    return new SecretsDataSource(this);
  }

  LoginSource source() {
    if (name == null) {
      throw new IllegalStateException("Cannot make a data source: name its secret.");
    }
    if (userName != null && url == null) {
      throw new IllegalStateException(
          "Cannot make a data source of a user and a password: set its JDBC URL.");
    }
    return new LoginSource(provider, name, userName, url);
  }

  private static Duration notNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: >= 0)");
    }
    return value;
  }
}
