package org.example.pools;

import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * A real PostgreSQL whose log says from which address a login was refused.
 *
 * <p>Each service connects from an address of its own on loopback, and the hook of a rotation from
 * 127.0.0.1, so that the log tells their refused logins apart.
 */
final class Database implements AutoCloseable {
  private final PostgresServer server = PostgresServer.start();

  Database() throws SQLException {
    execute("ALTER SYSTEM SET log_line_prefix = '%m [%p] from %h '");
    execute(
        "DO $$ BEGIN EXECUTE format("
            + "'COPY (SELECT ''host all all 127.0.0.0/8 scram-sha-256'') TO PROGRAM %L',"
            + " 'cat >> ' || current_setting('hba_file')); END $$");
    execute("SELECT pg_reload_conf()");
  }

  int port() {
    return server.port();
  }

  void role(String name, String password) throws SQLException {
    execute("CREATE ROLE " + name + " LOGIN CREATEROLE PASSWORD '" + password + "'");
  }

  void execute(String sql) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
    try (Connection root = DriverManager.getConnection(url, "postgres", server.password());
        Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many logins from that address the server has refused so far. */
  int refused(String address) {
    Pattern line =
        Pattern.compile("from " + Pattern.quote(address) + " FATAL:  password authentication");
    return (int) line.matcher(server.log()).results().count();
  }

  @Override
  public void close() {
    server.close();
  }
}
