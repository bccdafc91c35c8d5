package org.example.pools;

import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A real MariaDB from Debian's packages, which .mvn/integrations-check unpacks without installing. */
final class MariaDbServer implements AutoCloseable, Login.Server {
  private static final List<String> TABLES =
      List.of("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql");

  private final Path folder;
  private final Path home;
  private final Map<String, String> libraries;
  private final int port = LocalServer.freePort();
  private final String administrator = UUID.randomUUID().toString();
  private final LocalServer server;

  MariaDbServer(Path folder) throws Exception {
    this.folder = folder;
    this.home =
        LocalServer.find("mariadb/usr/sbin/mariadbd")
            .orElseThrow(() -> new IllegalStateException("MariaDB is not unpacked"))
            .toRealPath()
            .resolve("../..")
            .normalize();
    this.libraries = Map.of("LD_LIBRARY_PATH", home.resolve("lib/x86_64-linux-gnu").toString());
    Files.createDirectories(folder.resolve("data/mysql"));
    makeTables();
    Path init =
        Files.writeString(
            folder.resolve("init.sql"),
            """
            CREATE USER admin@'127.0.0.1' IDENTIFIED BY '%s';
            GRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;
            CREATE DATABASE ltc;
            """
                .formatted(administrator));
    List<String> serving =
        command(
            "--bind-address=127.0.0.1", "--port=" + port, "--socket=" + folder.resolve("socket"),
            "--pid-file=" + folder.resolve("pid"), "--init-file=" + init);
    this.server = LocalServer.start(serving, libraries, folder, started -> accepts());
  }

  private List<String> command(String... more) {
    List<String> command =
        new ArrayList<>(
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
                "--loose-innodb-use-native-aio=0"));
    command.addAll(List.of(more));
    return command;
  }

  private void makeTables() throws IOException, InterruptedException {
    StringBuilder sql = new StringBuilder("USE mysql;\n");
    for (String file : TABLES) {
      sql.append(Files.readString(home.resolve("share/mysql").resolve(file))).append('\n');
    }
    Path log = folder.resolve("bootstrap.log");
    ProcessBuilder builder =
        new ProcessBuilder(command("--bootstrap"))
            .redirectInput(Files.writeString(folder.resolve("bootstrap.sql"), sql).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(libraries);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("MariaDB cannot make its tables: " + Files.readString(log));
    }
  }

  private Connection root() throws SQLException {
    return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "admin", administrator);
  }

  private boolean accepts() {
    try (Connection root = root()) {
      return root.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection root = root();
        Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void password(String user, String password) throws SQLException {
    execute("ALTER USER " + user + "@'127.0.0.1' IDENTIFIED BY '" + password + "'");
  }

  /** How many logins the server has refused. */
  int refused() throws SQLException {
    try (Connection root = root();
        Statement statement = root.createStatement();
        ResultSet status = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")) {
      return status.next() ? status.getInt(2) : -1;
    }
  }

  String url(String password) {
    return "mariadb://ltc:" + password + "@127.0.0.1:" + port + "/ltc";
  }

  @Override
  public void close() {
    server.close();
  }
}
