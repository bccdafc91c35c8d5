package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source without a pool that logs in with the versions of a secret, so that logins succeed
 * through a rotation. Put it inside a connection pool.
 *
 * <pre>{@code
 * HikariConfig config = new HikariConfig();
 * config.setDataSource(SecretsDataSource.builder(secrets).secret("prod/DATABASE_URL").build());
 * HikariDataSource pool = new HikariDataSource(config);
 * }</pre>
 *
 * <p>A call opens a connection, which blocks; while the database refuses every valid version, it
 * also waits for what remains of the time in {@link SecretsDataSourceBuilder#waitUpTo}. Open
 * connections stay open. Safe for use by several threads. The password goes to the driver as a
 * property; it is in no URL, message or log of this class, and exceptions of the driver that
 * contain it are replaced.
 *
 * <p>Extend it only for a pool that takes a class instead of an object, as Agroal does: give the
 * subclass a constructor without arguments.
 */
public class SecretsDataSource implements DataSource {
  private static final Logger LOG = System.getLogger(SecretsDataSource.class.getName());

  private final SecretProvider provider;
  private final LoginSource source;
  private final LoginAttempts attempts;
  private final PoolEvictions evictions;
  private final DriverConnector connector;
  private volatile @Nullable PrintWriter log;

  /**
   * Makes a data source, for a subclass; others call {@link SecretsDataSourceBuilder#build}.
   *
   * @throws IllegalStateException as {@link SecretsDataSourceBuilder#build}
   */
  protected SecretsDataSource(SecretsDataSourceBuilder builder) {
    this.provider = builder.provider;
    this.source = builder.source();
    this.connector = new DriverConnector(builder.driver, builder.properties);
    this.evictions = new PoolEvictions(builder.evictionSpread, new SplittableRandom());
    this.attempts =
        new LoginAttempts(
            source,
            connector,
            new LoginHistory(builder.nanoTime, builder.retryRefusedAfter),
            evictions,
            builder.nanoTime,
            builder.waitUpTo,
            builder.loginsAtOnce);
  }

  /** Starts a data source that reads its login from that provider, which the caller closes. */
  public static SecretsDataSourceBuilder builder(SecretProvider provider) {
    return new SecretsDataSourceBuilder(provider);
  }

  /**
   * Opens a connection with the version of the secret that the database accepts.
   *
   * @throws SQLException if the database refuses every valid version ({@link
   *     java.sql.SQLInvalidAuthorizationSpecException}, SQLState 28…), if the secret cannot be read
   *     (08001), or if the driver fails otherwise, with its own exception
   */
  @Override
  public Connection getConnection() throws SQLException {
    return attempts.connect();
  }

  /**
   * As {@link #getConnection()}: ignores both arguments. A pool that has a user name of its own
   * calls this method, and would otherwise bring an old password back.
   */
  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return attempts.connect();
  }

  /**
   * Has a pool replace its connections after each rotation, for databases that must not keep
   * sessions of the old password. Without it they stay open, which no database minds.
   *
   * <p>The eviction runs on a thread of its own, after the first login with the new version, at a
   * random moment within {@link SecretsDataSourceBuilder#evictionSpread}. If the provider reports a
   * rotation before the pool has opened a connection, this class opens and closes one. A data
   * source that has never logged in evicts then too, because it cannot know the version before:
   * Agroal logs in with an object of its own.
   *
   * @param eviction what the pool offers, such as {@code
   *     pool.getHikariPoolMXBean()::softEvictConnections}; may block
   * @return ends it when closed
   */
  public SecretListener.Registration evictAfterRotation(Runnable eviction) {
    SecretListener.Registration evicting = evictions.add(eviction);
    List<SecretListener.Registration> listening = new ArrayList<>();
    for (String name : source.names()) {
      listening.add(provider.onChange(name, event -> tryNewVersion()));
    }
    return () -> {
      listening.forEach(SecretListener.Registration::close);
      evicting.close();
    };
  }

  private void tryNewVersion() {
    boolean isFirst = attempts.isFirst();
    try (Connection connection = attempts.connect()) {
      if (isFirst) {
        evictions.rotated();
      }
      LOG.log(Level.DEBUG, "Logged in after a rotation; valid: {0}", !connection.isClosed());
    } catch (SQLException e) { // without a password, like all that connect throws
      LOG.log(Level.WARNING, "Cannot log in after a rotation of '" + source.name() + "'.", e);
    }
  }

  /** The writer that was set; nothing here writes to it. */
  @Override
  public @Nullable PrintWriter getLogWriter() {
    return log;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    log = out;
  }

  /**
   * Sets the seconds that a login may take, for drivers that have a property {@code loginTimeout}:
   * PostgreSQL and SQL Server. For others set the driver's own property.
   */
  @Override
  public void setLoginTimeout(int seconds) {
    connector.loginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() {
    return connector.loginTimeout();
  }

  @Override
  @RequiredByJdbc
  public java.util.logging.Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("This data source logs through System.Logger.");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (!type.isInstance(this)) {
      throw new SQLException("Cannot unwrap: this data source is not a " + type.getName());
    }
    return type.cast(this);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  /** Shows the name of the secret, and no value. */
  @Override
  public String toString() {
    return "SecretsDataSource[" + source.name() + "]";
  }
}
