package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.SecretException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs in with the versions of a login, in the order that costs the fewest refused logins.
 *
 * <p>The order: a current version that the database has never refused, the version that it accepted
 * last, a pending one; then the same from a list that is no older than 2 s, and the older versions;
 * then whatever shows up while the budget lasts. The previous version comes after the list, because
 * in a rotation it is refused, and the list has the version that is not.
 *
 * <p>Safe for use by several threads. One login at a time, unless set otherwise: of threads that
 * log in at once, each would learn by a refusal of its own that the password has changed.
 */
final class LoginAttempts {
  private static final Logger LOG = System.getLogger(LoginAttempts.class.getName());
  private static final Duration RECENT = Duration.ofSeconds(2);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Opens a connection; throws what the driver throws. */
  @FunctionalInterface
  interface Connector {
    Connection connect(DatabaseLogin login) throws SQLException;
  }

  /** Says whether a login may be tried now. */
  @FunctionalInterface
  private interface Rule {
    boolean allows(DatabaseLogin login, LoginVersion.Place place);
  }

  private final LoginSource source;
  private final Connector connector;
  private final LoginHistory history;
  private final PoolEvictions evictions;
  private final LongSupplier nanoTime;
  private final Duration budget;
  private final LoginThrottle turns;
  private final SharedWait shared = new SharedWait();

  LoginAttempts(
      LoginSource source,
      Connector connector,
      LoginHistory history,
      PoolEvictions evictions,
      LongSupplier nanoTime,
      Duration budget,
      int atOnce) {
    this.source = source;
    this.connector = connector;
    this.history = history;
    this.evictions = evictions;
    this.nanoTime = nanoTime;
    this.budget = budget;
    this.turns = new LoginThrottle(atOnce);
  }

  /** Whether no login has succeeded yet. */
  boolean isFirst() {
    return history.lastGood() == null;
  }

  /**
   * Opens a connection.
   *
   * @throws SQLException if no valid version opens the database, or the driver fails otherwise; no
   *     text in it contains a password
   */
  Connection connect() throws SQLException {
    LoginFailures failures = new LoginFailures(source.name());
    try {
      Connection connection = withHeld(failures);
      if (connection == null) {
        connection = withRecent(failures);
      }
      while (connection == null && waitsForMore(failures)) {
        connection = withRecent(failures);
      }
      if (connection != null) {
        return connection;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.interrupted();
    }
    throw failures.all();
  }

  /** Tries what the cache holds; asks the backend only if it holds nothing. */
  private @Nullable Connection withHeld(LoginFailures failures)
      throws SQLException, InterruptedException {
    try {
      LoginVersion current = source.current();
      DatabaseLogin lastGood = history.lastGood();
      boolean isLastGood = lastGood == null || isLogin(current, lastGood);
      Connection connection =
          login(current, isLastGood ? history::mayTry : history::isNew, failures);
      if (connection != null || (isLastGood && failures.isEmpty())) {
        return connection;
      }
      List<LoginVersion> held = source.held();
      for (LoginVersion version : held) {
        if (lastGood != null && isLogin(version, lastGood)) {
          connection = login(version, history::mayTry, failures);
        }
        if (connection != null) {
          return connection;
        }
      }
      for (LoginVersion version : held) {
        if (place(version) == LoginVersion.Place.NEWER) {
          connection = login(version, history::isNew, failures);
        }
        if (connection != null) {
          return connection;
        }
      }
    } catch (SecretException e) {
      failures.add(e);
    }
    return null;
  }

  /** Whether it has that login; false if its value is not a login at all. */
  private static boolean isLogin(LoginVersion version, DatabaseLogin login) {
    try {
      return version.login().equals(login);
    } catch (SecretException e) {
      return false;
    }
  }

  /**
   * The place of a version. One that the database accepted before the last good one is older, even
   * if the clock of the machine that made it was ahead.
   */
  private LoginVersion.Place place(LoginVersion version) {
    try {
      boolean isFormer =
          version.place() == LoginVersion.Place.NEWER && history.isFormer(version.login());
      return isFormer ? LoginVersion.Place.OLDER : version.place();
    } catch (SecretException e) {
      return version.place(); // not a login: whoever tries it reports that
    }
  }

  private static Set<DatabaseLogin> logins(List<LoginVersion> versions) {
    Set<DatabaseLogin> logins = new HashSet<>();
    for (LoginVersion version : versions) {
      try {
        logins.add(version.login());
      } catch (SecretException e) {
        LOG.log(Level.DEBUG, "A version is not a login: {0}", e.getMessage());
      }
    }
    return logins;
  }

  /** Tries every valid version of a list that is no older than 2 s, or of the held one. */
  private @Nullable Connection withRecent(LoginFailures failures)
      throws SQLException, InterruptedException {
    List<LoginVersion> valid;
    try {
      valid = source.asOf(RECENT);
      history.retain(logins(valid));
    } catch (SecretException e) {
      failures.add(e);
      valid = heldIfAny(failures);
    }
    for (LoginVersion.Place place :
        List.of(LoginVersion.Place.CURRENT, LoginVersion.Place.NEWER, LoginVersion.Place.OLDER)) {
      for (LoginVersion version : valid) {
        boolean isTried =
            place(version) == place && !(failures.isUnclear() && place == LoginVersion.Place.OLDER);
        Connection connection = isTried ? login(version, history::mayTry, failures) : null;
        if (connection != null) {
          return connection;
        }
      }
    }
    return null;
  }

  private List<LoginVersion> heldIfAny(LoginFailures failures) {
    try {
      return source.held();
    } catch (SecretException e) {
      failures.add(e);
      return List.of();
    }
  }

  /** Waits until the backend was asked again; false if the budget of this outage is used up. */
  private boolean waitsForMore(LoginFailures failures) throws InterruptedException {
    // Without a refusal there is no new password to wait for: the secret cannot be read.
    long spent = history.outage().orElse(Long.MAX_VALUE);
    long left = budget.toNanos() - spent;
    if (left <= 0 || !failures.isWorthWaiting()) {
      return false;
    }
    long pause =
        Math.min(
            Math.min(LONGEST_PAUSE.toNanos(), left), Math.max(SHORTEST_PAUSE.toNanos(), spent / 4));
    try {
      shared.next(pause, left, () -> source.asOf(Duration.ZERO));
    } catch (SecretException e) {
      failures.add(e);
    }
    return true;
  }

  /**
   * Logs in with one version, if it may be tried still when its turn has come.
   *
   * @return null if it may not, if the database refuses it, or if its value is not a login
   */
  private @Nullable Connection login(LoginVersion version, Rule mayTry, LoginFailures failures)
      throws SQLException, InterruptedException {
    DatabaseLogin login;
    try {
      login = version.login();
    } catch (SecretException e) {
      failures.add(e);
      return null;
    }
    LoginVersion.Place place = place(version);
    if (history.isLocked(login.user())) {
      failures.addLocked(login.user());
    }
    if (!mayTry.allows(login, place) || failures.isUnclear(login)) {
      return null;
    }
    turns.await();
    try {
      boolean isAllowed = mayTry.allows(login, place) && !failures.isLocked(login.user());
      return isAllowed ? login(login, failures) : null;
    } finally {
      turns.end();
    }
  }

  private @Nullable Connection login(DatabaseLogin login, LoginFailures failures)
      throws SQLException {
    long began = nanoTime.getAsLong();
    try {
      Connection connection = connector.connect(login);
      if (history.accepted(login, began)) {
        LOG.log(
            Level.INFO, "The database accepts a new version of secret '" + source.name() + "'.");
        evictions.rotated();
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      SQLException screened = DriverFailure.screened(e, login);
      LoginRefusal refusal = LoginRefusal.of(e);
      if (refusal == LoginRefusal.NONE) {
        if (hidesRefusals(login.url()) && (failures.isUnclear() || history.mayDoubt(RECENT))) {
          failures.add(screened, login);
          return null;
        }
        throw screened;
      }
      history.refused(login, refusal);
      failures.add(screened, refusal, login.user());
      return null;
    }
  }

  /**
   * Whether the failure may come from another host than the refusal: of several hosts in a URL,
   * PostgreSQL's driver asks the next one after each failure, and throws the last.
   */
  private static boolean hidesRefusals(String url) {
    int hosts = url.indexOf("//") + 2;
    int end = url.indexOf('/', hosts);
    return url.startsWith("jdbc:postgresql:")
        && hosts > 1
        && url.substring(hosts, end < 0 ? url.length() : end).indexOf(',') >= 0;
  }
}
