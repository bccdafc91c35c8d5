package de.lifetimecircle.secrets.push.postgresql;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.RotationChannel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A channel over NOTIFY and LISTEN. One connection for as long as it listens, and one for each
 * message that is sent, since a sender has few of them. A pooler that gives each transaction
 * another connection (PgBouncer) keeps no LISTEN: name the server itself.
 */
final class PostgresChannel implements RotationChannel {
  /** The longest time until the listening thread notices {@link #close}. */
  private static final int LOOK_MILLIS = 1_000;

  /** A connection on which nothing arrived for that many looks is tested. */
  private static final int QUIET_LOOKS = 20;

  private static final int SECONDS_TO_ANSWER = 5;

  private final Supplier<String> url;
  private final String channel;
  private volatile boolean closed;
  private volatile @Nullable Connection listening;

  PostgresChannel(Supplier<String> url, String channel) {
    this.url = url;
    this.channel = channel;
  }

  @Override
  public void send(String message) {
    try (Connection connection = connect();
        PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, channel);
      notify.setString(2, message);
      notify.execute();
    } catch (SQLException e) {
      throw failure("send a rotation through postgresql", e);
    }
  }

  @Override
  public void listen(Receiver receiver) {
    try (Connection connection = connect()) {
      listening = connection;
      try (Statement statement = connection.createStatement()) {
        statement.execute("LISTEN \"" + channel + "\"");
      }
      receiver.connected();
      receive(connection, receiver);
    } catch (SQLException e) {
      if (!closed) {
        throw failure("listen for rotations through postgresql", e);
      }
    } finally {
      listening = null;
    }
  }

  private void receive(Connection connection, Receiver receiver) throws SQLException {
    PGConnection notified = connection.unwrap(PGConnection.class);
    int quiet = 0;
    while (!closed) {
      PGNotification @Nullable [] arrived = notified.getNotifications(LOOK_MILLIS);
      quiet++;
      if (arrived != null && arrived.length > 0) {
        quiet = 0;
        for (PGNotification each : arrived) {
          receiver.message(each.getParameter());
        }
      }
      if (quiet >= QUIET_LOOKS) {
        quiet = 0;
        requireAlive(connection);
      }
    }
  }

  private static void requireAlive(Connection connection) throws SQLException {
    if (!connection.isValid(SECONDS_TO_ANSWER)) {
      throw new SQLException("the server does not answer", "08006");
    }
  }

  private Connection connect() throws SQLException {
    DatabaseUrl target =
        DatabaseUrl.parse(url.get())
            .orElseThrow(() -> new SQLException("the URL has another form", "08001"));
    Properties properties = new Properties();
    properties.putAll(target.login());
    properties.setProperty("ApplicationName", "secrets-push");
    properties.setProperty("connectTimeout", String.valueOf(SECONDS_TO_ANSWER));
    properties.setProperty("loginTimeout", String.valueOf(SECONDS_TO_ANSWER));
    // A server that stops after the login would hold a rotation up for ever.
    properties.setProperty("socketTimeout", String.valueOf(SECONDS_TO_ANSWER));
    properties.setProperty("tcpKeepAlive", "true");
    Connection connection = new Driver().connect(target.jdbc(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not know the URL", "08001");
    }
    return connection;
  }

  /** Without the driver's text, which may repeat parts of the URL. */
  private static SecretException failure(String action, SQLException e) {
    String state = e.getSQLState() == null ? "no SQLState" : "SQLState " + e.getSQLState();
    boolean refused = e.getSQLState() != null && e.getSQLState().startsWith("28");
    return SecretException.of(
            refused ? SecretException.Kind.UNAUTHENTICATED : SecretException.Kind.UNAVAILABLE,
            action)
        .reason(
            (refused ? "the server refuses the login (" : "the server cannot be reached (")
                + state
                + ")")
        .advice("Check postgresql.url and the server")
        .build();
  }

  @Override
  public void close() {
    closed = true;
    Connection connection = listening;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is broken already; the listening thread sees that or the flag.
      }
    }
  }
}
