package de.lifetimecircle.secrets.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with a driver: passes user and password as properties. Safe for use by several
 * threads.
 */
final class DriverConnector implements LoginAttempts.Connector {
  private final @Nullable Driver driver;
  private final Map<String, String> properties;
  private volatile int loginTimeout;

  /**
   * Creates a connector.
   *
   * @param driver null for the one that {@link DriverManager} finds
   * @param properties for each connection
   */
  DriverConnector(@Nullable Driver driver, Map<String, String> properties) {
    this.driver = driver;
    this.properties = Map.copyOf(properties);
  }

  /** Sets the seconds that a login may take, where the driver has a property for it; 0 for any. */
  void loginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  int loginTimeout() {
    return loginTimeout;
  }

  @Override
  public Connection connect(DatabaseLogin login) throws SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    int seconds = loginTimeout;
    boolean hasTimeout =
        login.url().startsWith("jdbc:postgresql:") || login.url().startsWith("jdbc:sqlserver:");
    if (seconds > 0 && hasTimeout) {
      all.putIfAbsent("loginTimeout", String.valueOf(seconds));
    }
    all.setProperty("user", login.user());
    all.setProperty("password", login.password());
    if (driver == null) {
      return DriverManager.getConnection(login.url(), all);
    }
    Connection connection = driver.connect(login.url(), all);
    if (connection == null) {
      throw new SQLException("Cannot connect: the driver does not take " + login.url(), "08001");
    }
    return connection;
  }
}
