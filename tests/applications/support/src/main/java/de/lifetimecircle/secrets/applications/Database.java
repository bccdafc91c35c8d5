package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.testcontainers.lifecycle.Startable;

/**
 * A real PostgreSQL whose log says from which address a login was refused. Services that connect from
 * different addresses on loopback are counted apart.
 */
public final class Database implements Startable, Login.Server {
  private PostgresServer server;

  private Database() {}

  /** Starts a database. */
  public static Database started() {
    Database database = new Database();
    database.start();
    return database;
  }

  @Override
  public void start() {
    server = PostgresServer.start();
    execute(
        "ALTER SYSTEM SET log_line_prefix = '%m [%p] from %h '",
        "DO $$ BEGIN EXECUTE format("
            + "'COPY (SELECT ''host all all 127.0.0.0/8 scram-sha-256'') TO PROGRAM %L',"
            + " 'cat >> ' || current_setting('hba_file')); END $$",
        "SELECT pg_reload_conf()");
  }

  /** Returns its port on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  /** Returns its address for JDBC, without a login. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/postgres";
  }

  /** Returns its address with a login, as a secret has it. */
  public String url(String role, String password) {
    return "postgresql://" + role + ":" + password + "@127.0.0.1:" + port() + "/postgres";
  }

  /** Creates a role that can log in and create others. */
  public void role(String name, String password) {
    execute("CREATE ROLE " + name + " LOGIN CREATEROLE PASSWORD '" + password + "'");
  }

  @Override
  public void password(String role, String password) {
    execute("ALTER ROLE " + role + " PASSWORD '" + password + "'");
  }

  /** Runs statements as the administrator. */
  public void execute(String... statements) {
    try (Connection root = DriverManager.getConnection(jdbcUrl(), "postgres", server.password());
        Statement statement = root.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      // Its message may repeat the statement, which may have a password.
      throw new IllegalStateException("PostgreSQL refuses a statement: " + e.getSQLState());
    }
  }

  /** Returns whether that password logs the role in. */
  public boolean accepts(String role, String password) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(), role, password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Returns how many logins from an address the server has refused so far. */
  public int refused(String address) {
    Pattern line = Pattern.compile("from " + Pattern.quote(address) + " FATAL:  password authentication");
    return (int) line.matcher(server.log()).results().count();
  }

  @Override
  public void stop() {
    server.close();
  }
}
