package de.lifetimecircle.secrets.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with a driver: passes user and passwords as properties. Safe for use by several
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
    all.putAll(login.otherPasswords());
    all.setProperty("user", login.user());
    all.setProperty("password", login.password());
    Driver chosen = driver != null ? driver : ofContext(login.url());
    if (chosen == null) {
      return DriverManager.getConnection(login.url(), all);
    }
    Connection connection = chosen.connect(login.url(), all);
    if (connection == null) {
      throw new SQLException("Cannot connect: the driver does not take " + login.url(), "08001");
    }
    return connection;
  }

  /**
   * DriverManager hides drivers that the class loader of this class does not see, such as that of a
   * web application if this library belongs to the server. Null if DriverManager has one, or if the
   * class loader of the thread has none either.
   */
  private static @Nullable Driver ofContext(String url) throws SQLException {
    if (DriverManager.drivers().anyMatch(each -> accepts(each, url))) {
      return null;
    }
    for (Driver each : ServiceLoader.load(Driver.class)) {
      if (each.acceptsURL(url)) {
        return each;
      }
    }
    return null;
  }

  private static boolean accepts(Driver driver, String url) {
    try {
      return driver.acceptsURL(url);
    } catch (SQLException e) {
      return true; // DriverManager asks it, and reports why it fails
    }
  }
}
