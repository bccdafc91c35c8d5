package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A service whose database has a fixed URL, while its password rotates: once with the password as a
 * property of Spring, which only a warning can help, and once with {@code secrets.datasource}. New
 * connections are asked for all the time.
 */
final class FixedLogin {
  private static final int REQUESTS = 40;
  private static final String ROLE = "fixed";

  private final Path folder;
  private final PostgresServer database;
  private final String url;

  FixedLogin(Path folder, PostgresServer database) {
    this.folder = folder;
    this.database = database;
    this.url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres";
  }

  /** How many requests of a service failed, and whether its log had the warning. */
  record Result(long failed, long requests, boolean isWarned, List<String> leaks) {}

  /** With {@code spring.datasource.password=${secret.…}}. */
  Result ofSpring(String boot, Path jar) throws Exception {
    return run(
        "spring-" + boot,
        jar,
        List.of(
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=" + ROLE,
            "--spring.datasource.password=${secret.DB_PASSWORD}"));
  }

  /** With {@code secrets.datasource} for the same URL. */
  Result ofTheStarter(String boot, Path jar) throws Exception {
    return run(
        "starter-" + boot,
        jar,
        List.of(
            "--secrets.datasource.url=" + url,
            "--secrets.datasource.user=DB_USER",
            "--secrets.datasource.password=DB_PASSWORD"));
  }

  private Result run(String name, Path jar, List<String> login) throws Exception {
    TestAuthority authority = TestAuthority.create();
    try (LeakProbe probe = LeakProbe.start();
        Backend backend = Backend.start("gpg", folder.resolve(name));
        SecretWriter writer = backend.writer()) {
      sql("DROP ROLE IF EXISTS " + ROLE, "CREATE ROLE " + ROLE + " LOGIN");
      writer.put("API_KEY", SecretValue.of("any"));
      writer.put("DB_USER", SecretValue.of(ROLE));
      String first = probe.canary("first password of the database");
      writer.put("DB_PASSWORD", SecretValue.of(first));
      sql("ALTER ROLE " + ROLE + " PASSWORD '" + first + "'");
      List<String> arguments = new ArrayList<>(login);
      arguments.addAll(
          List.of(
              "--secrets.soft-age=1s",
              "--spring.datasource.hikari.connection-timeout=1000",
              "--spring.datasource.hikari.minimum-idle=1"));
      try (Service service =
          Service.launch(
              jar,
              folder.resolve(name + ".log"),
              authority,
              backend.variables(),
              List.of(),
              arguments)) {
        service.started();
        newConnections(service, 2); // so that the pool is in use before the rotation
        rotate(writer, probe);
        long failed = newConnections(service, REQUESTS);
        probe.look("log of " + name, service.log());
        boolean isWarned =
            service.log().contains("spring.datasource.password=[DB_PASSWORD]")
                && service.log().contains("secrets.datasource");
        List<String> leaks =
            probe.leaks().stream()
                .map(Object::toString)
                .filter(leak -> !leak.startsWith("log at ")) // of this program's own driver
                .toList();
        return new Result(failed, REQUESTS, isWarned, leaks);
      }
    }
  }

  /** Asks that often for a query on a new connection; returns how many failed. */
  private static long newConnections(Service service, int count)
      throws IOException, InterruptedException {
    long failed = 0;
    for (int i = 0; i < count; i++) {
      failed += service.get("/pool").statusCode() == 200 ? 0 : 1;
    }
    return failed;
  }

  private void rotate(SecretWriter writer, LeakProbe probe) throws SQLException {
    String password = probe.canary("password of the database");
    String version = writer.putPending("DB_PASSWORD", SecretValue.of(password)).version();
    sql("ALTER ROLE " + ROLE + " PASSWORD '" + password + "'");
    writer.promote("DB_PASSWORD", version);
  }

  private void sql(String... commands) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url, "postgres", database.password());
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }
}
