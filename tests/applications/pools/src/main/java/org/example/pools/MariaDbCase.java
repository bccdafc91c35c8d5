package org.example.pools;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A real MariaDB, whose user gets a new password under a pool. */
final class MariaDbCase implements AutoCloseable {
  private static final String NAME = "prod/DATABASE_URL";
  private static final int ROTATIONS = 3;

  private final LocalServer server;
  private final int port;
  private final String administrator;

  private MariaDbCase(LocalServer server, int port, String administrator) {
    this.server = server;
    this.port = port;
    this.administrator = administrator;
  }

  /** Starts it from the unpacked Debian packages. */
  static MariaDbCase start(Path root, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path home = root.resolve(".servers/mariadb/usr").toRealPath();
    Map<String, String> libraries =
        Map.of("LD_LIBRARY_PATH", home.resolve("lib/x86_64-linux-gnu").toString());
    List<String> command =
        List.of(
            home.resolve("sbin/mariadbd").toString(),
            "--no-defaults",
            "--user=" + System.getProperty("user.name"),
            "--datadir=" + folder.resolve("data"),
            "--lc-messages-dir=" + home.resolve("share/mysql"),
            "--character-sets-dir=" + home.resolve("share/mysql/charsets"),
            "--plugin-dir=" + home.resolve("lib/mysql/plugin"),
            "--tmpdir=" + folder,
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0",
            "--loose-innodb-use-native-aio=0");
    Files.createDirectories(folder.resolve("data/mysql"));
    bootstrap(command, libraries, home, folder);
    int port = LocalServer.freePort();
    String administrator = UUID.randomUUID().toString();
    Path init = folder.resolve("init.sql");
    Files.writeString(
        init,
        String.join(
            "\n",
            "CREATE USER admin@'127.0.0.1' IDENTIFIED BY '" + administrator + "';",
            "GRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;",
            "CREATE DATABASE ltc;",
            ""));
    List<String> serving = new ArrayList<>(command);
    serving.addAll(
        List.of(
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + folder.resolve("socket"),
            "--pid-file=" + folder.resolve("pid"),
            "--init-file=" + init));
    LocalServer server =
        LocalServer.start(
            serving,
            libraries,
            folder,
            started -> accepts(port, administrator));
    return new MariaDbCase(server, port, administrator);
  }

  private static boolean accepts(int port, String administrator) {
    try (Connection root = root(port, administrator)) {
      return root.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void bootstrap(
      List<String> command, Map<String, String> libraries, Path home, Path folder)
      throws IOException, InterruptedException {
    StringBuilder sql = new StringBuilder("USE mysql;\n");
    for (String file :
        List.of(
            "mysql_system_tables.sql",
            "mysql_performance_tables.sql",
            "mysql_system_tables_data.sql")) {
      sql.append(Files.readString(home.resolve("share/mysql").resolve(file))).append('\n');
    }
    Path input = Files.writeString(folder.resolve("bootstrap.sql"), sql);
    List<String> once = new ArrayList<>(command);
    once.add("--bootstrap");
    ProcessBuilder builder =
        new ProcessBuilder(once)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("bootstrap.log").toFile());
    builder.environment().putAll(libraries);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "MariaDB cannot make its tables: " + Files.readString(folder.resolve("bootstrap.log")));
    }
  }

  private static Connection root(int port, String password) throws SQLException {
    return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "admin", password);
  }

  private void execute(String sql) throws SQLException {
    try (Connection root = root(port, administrator);
        Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many logins the server has refused. */
  private int refused() throws SQLException {
    try (Connection root = root(port, administrator);
        Statement statement = root.createStatement();
        ResultSet status =
            statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")) {
      return status.next() ? status.getInt(2) : -1;
    }
  }

  private static String url(int port, String password) {
    return "mariadb://ltc:" + password + "@127.0.0.1:" + port + "/ltc";
  }

  void run(Bars bars) throws SQLException {
    try (LeakProbe probe = LeakProbe.start();
        SecretWriter writer =
            SecretProvider.builder()
                .store(FakeStore.create())
                .set("overrides", "off")
                .buildWriter()) {
      String password = probe.canary("first");
      execute("CREATE USER ltc@'127.0.0.1' IDENTIFIED BY '" + password + "'");
      execute("GRANT ALL ON ltc.* TO ltc@'127.0.0.1'");
      put(writer, url(port, password));
      SecretsDataSource database =
          SecretsDataSource.builder(writer.provider()).secret(NAME).build();
      Pool pool = Recipes.hikari(database, Duration.ofSeconds(2));
      int before = refused();
      int failed = 0;
      for (int i = 0; i < ROTATIONS; i++) {
        password = probe.canary("rotation " + i);
        String pending;
        try (SecretValue value = SecretValue.of(url(port, password))) {
          pending = writer.putPending(NAME, value).version();
        }
        execute("ALTER USER ltc@'127.0.0.1' IDENTIFIED BY '" + password + "'");
        failed += failures(pool);
        Login.pause(Duration.ofMillis(2100));
        writer.promote(NAME, pending);
        failed += failures(pool);
      }
      int refused = refused() - before;
      bars.require(failed == 0, "MariaDB: " + failed + " getConnection failed (0)");
      bars.require(
          refused == ROTATIONS,
          "MariaDB: " + refused + " refused logins in " + ROTATIONS + " rotations (one each)");
      wrong(database, probe, bars);
      ((HikariDataSource) pool.dataSource()).close();
      bars.require(probe.leaks().isEmpty(), "MariaDB: passwords in output: " + probe.leaks());
    }
  }

  private static int failures(Pool pool) {
    int failed = 0;
    for (int i = 0; i < 5; i++) {
      pool.evict().run();
      try (Connection connection = pool.dataSource().getConnection()) {
        failed += connection.isValid(5) ? 0 : 1;
      } catch (SQLException e) {
        System.out.println(e);
        failed++;
      }
    }
    return failed;
  }

  private void wrong(SecretsDataSource database, LeakProbe probe, Bars bars) throws SQLException {
    int before = refused(); // first, because the pool logs in meanwhile and may be the one refused
    execute("ALTER USER ltc@'127.0.0.1' IDENTIFIED BY 'another'");
    String state = "none";
    for (int i = 0; i < 20; i++) {
      try (Connection connection = database.getConnection()) {
        state = "connected: " + connection.isClosed();
      } catch (SQLException e) {
        state = e.getSQLState() + " " + e.getErrorCode();
        probe.look("exception of MariaDB", e);
      }
    }
    int refused = refused() - before;
    bars.require(
        refused >= 1 && refused <= 3 && state.startsWith("28"),
        "MariaDB, wrong for good: " + refused + " logins (at most 3), the last with " + state);
  }

  private static void put(SecretWriter writer, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(NAME, value);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
