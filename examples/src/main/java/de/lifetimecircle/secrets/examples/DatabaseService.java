package de.lifetimecircle.secrets.examples;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A service that keeps logging in to PostgreSQL while the password of its only role rotates.
 *
 * <p>Start it with the time that a request may wait for a login, such as {@code PT12S}, and with a
 * JDBC driver on the class path. It prints one line for each request, without the password.
 *
 * @param secrets where the login is
 * @param budget how long a request may wait until the database takes a password that is served
 */
public record DatabaseService(SecretProvider secrets, Duration budget) {
  private static final String NAME = "prod/DATABASE_URL";
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** Logs in every 250 ms until the process is stopped. */
  public static void main(String[] args) {
    DatabaseService service = new DatabaseService(SecretProvider.open(), Duration.parse(args[0]));
    service.secrets.require(NAME);
    var unused =
        Executors.newSingleThreadScheduledExecutor()
            .scheduleWithFixedDelay(service::request, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void request() {
    long begun = System.nanoTime();
    String outcome;
    try (Connection connection = connect(begun + budget.toNanos())) {
      outcome = connection.isValid(5) ? "served" : "failed: no answer";
    } catch (IllegalArgumentException e) { // its text has the whole URL
      outcome = "failed: the value is not a URL";
    } catch (SQLException | SecretException e) { // their texts have no password
      outcome = "failed: " + e.getMessage();
    }
    System.out.printf(Locale.ROOT, "%d ms %s%n", (System.nanoTime() - begun) / 1_000_000, outcome);
  }

  /** Tries every valid version that is held; if all are refused, those that the backend has now. */
  private Connection connect(long deadline) throws SQLException {
    try {
      return connect(secrets.validVersions(NAME));
    } catch (SQLException refused) {
      requireWrongPassword(refused);
    }
    while (true) {
      try {
        return connect(secrets.validVersions(NAME, Duration.ZERO));
      } catch (SQLException refused) {
        requireWrongPassword(refused);
        if (System.nanoTime() - deadline >= 0) {
          throw refused;
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static Connection connect(List<Secret> versions) throws SQLException {
    SQLException last = new SQLException("there is no valid version");
    for (Secret version : versions) {
      URI url = URI.create(version.asString());
      String[] login = url.getUserInfo().split(":", 2);
      String jdbc = "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
      try {
        return DriverManager.getConnection(jdbc, login[0], login[1]);
      } catch (SQLException refused) {
        requireWrongPassword(refused);
        last = refused;
      }
    }
    throw last;
  }

  private static void requireWrongPassword(SQLException e) throws SQLException {
    if (!"28P01".equals(e.getSQLState())) {
      throw e;
    }
  }
}
