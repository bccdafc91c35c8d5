package de.lifetimecircle.secrets.cli.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The password of a real PostgreSQL is exposed, in the service that {@code init} begins, as
 * processes: afterwards the database refuses the old password, or the last line says that it does
 * not. Only the cloud and the service's health are played.
 */
class EmergencyDatabaseTest {
  private static final String OLD = "7c1f93e5a0d84b26c9e37f15d2806ab4";
  private static final String HOOKS =
      """
          hooks:
            apply: [./hooks/postgresql]
            test: [./hooks/postgresql]
            # Shows that the old password is refused.
            retire: [./hooks/postgresql]
      """;

  @TempDir Path folder;
  private final StringBuilder transcript = new StringBuilder();
  private PostgresServer server;
  private CliProcess command;

  @BeforeEach
  void begin() throws Exception {
    server = PostgresServer.start();
    command = CliProcess.in(folder);
    command.environment.put("SECRETS_BACKEND", "gpg");
    command.environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    command.environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    command.program("aws", "echo \"$*\" >>'" + folder.resolve("aws.log") + "'; echo ACTIVE");
    command.program("curl", "exit 0");
    execute("postgres", server.password(), "CREATE ROLE ltc LOGIN PASSWORD '" + OLD + "'");
    execute("postgres", server.password(), "GRANT CREATE ON SCHEMA public TO ltc");
    execute("ltc", OLD, "CREATE TABLE sessions (id int, created_at timestamptz DEFAULT now())");
    execute("ltc", OLD, "INSERT INTO sessions VALUES (1), (2)");
    assertThat(succeed("", "init", "--inventory"))
        .contains("Created secrets.yaml", "Created hooks/postgresql", "Created hooks/ecs-deploy");
    put(
        Map.of(
            "DB_ADMIN_PW", OLD,
            "DB_USERNAME", "ltc",
            "DB_HOST", "127.0.0.1",
            "DB_PORT", String.valueOf(server.port()),
            "DB_NAME", "postgres"));
    succeed("", "generate", "--all");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** By the library in this process, since each command costs a second of the processor. */
  private void put(Map<String, String> values) {
    try (SecretWriter writer =
        SecretProvider.builder()
            .environment(command.environment)
            .set("overrides", "off")
            .buildWriter()) {
      values.forEach(
          (name, text) -> {
            try (SecretValue value = SecretValue.of(text)) {
              writer.put("prod/" + name, value);
            }
          });
    }
  }

  private String succeed(String input, String... args) throws IOException, InterruptedException {
    String text = command.succeed(input, args);
    transcript.append(text);
    return text;
  }

  private CliProcess.Result run(int code, String... args) throws IOException, InterruptedException {
    CliProcess.Result result = command.secrets("", args);
    transcript.append(result.text());
    assertThat(result.code()).as(String.join(" ", args) + ": " + result.text()).isEqualTo(code);
    return result;
  }

  private Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", login);
  }

  private void execute(String user, String password, String sql) throws SQLException {
    try (Connection connection = login(user, password);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private boolean opens(String password) {
    try (Connection connection = login("ltc", password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("28P01"); // only a wrong password
      return false;
    }
  }

  private int sessions() throws SQLException {
    try (Connection connection = login("postgres", server.password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM sessions")) {
      assertThat(result.next()).isTrue();
      return result.getInt(1);
    }
  }

  /** Returns the value in service; not part of the transcript. */
  private String password() throws IOException, InterruptedException {
    return command.succeed("", "get", "prod/DB_ADMIN_PW").strip();
  }

  private void edit(String from, String to) throws IOException {
    Path inventory = folder.resolve("secrets.yaml");
    String text = Files.readString(inventory);
    assertThat(text).contains(from);
    Files.writeString(inventory, text.replace(from, to));
  }

  private void assertNothingLeaked(String fresh) throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      probe
          .watch("old", OLD)
          .watch("new", fresh)
          .look("transcript", transcript)
          .look("log of PostgreSQL", server.log())
          .lookAtFiles(folder.resolve("secrets-rotations"))
          .lookAtFiles(folder.resolve("docs"))
          .assertClean();
    }
  }

  @Test
  void onTheTemplateTheDatabaseRefusesTheOldPasswordBeforeAnybodySaysDone() throws Exception {
    run(0, "check");
    CliProcess.Result done = run(0, "emergency", "DB_ADMIN_PW", "--yes");
    assertThat(done.lastLine()).startsWith("Done after 00:");
    assertThat(done.text())
        .contains("prod/DB_ADMIN_PW: set it in the system that it opens")
        .contains("the old value is refused by: the database of DATABASE_URL");
    assertThat(opens(OLD)).isFalse();
    assertThat(opens(password())).isTrue();
    assertThat(sessions()).isZero();
    assertThat(folder.resolve("aws.log"))
        .content()
        .contains("ecs update-service --cluster prod --service api --force-new-deployment");
    assertNothingLeaked(password());
  }

  @Test
  void withoutTheHookTheLastLineSaysWhatIsOpenAndNothingIsCalledDone() throws Exception {
    edit(HOOKS, "");
    assertThat(run(9, "check").text())
        .contains("FAIL  prod/DB_ADMIN_PW (hooks): opens the database of DATABASE_URL");
    assertThat(run(9, "status").text()).contains("DB_ADMIN_PW (the database of DATABASE_URL)");
    assertThat(run(5, "rotate", "DB_ADMIN_PW").text())
        .contains("it opens the database of DATABASE_URL")
        .contains("secrets init --hooks");

    CliProcess.Result open = run(10, "emergency", "DB_ADMIN_PW", "--yes");
    assertThat(open.lastLine())
        .startsWith("NOT done after 00:")
        .contains("the old value of prod/DB_ADMIN_PW still opens the database of DATABASE_URL");
    assertThat(open.text())
        .contains("   NOT prod/DB_ADMIN_PW: it opens the database of DATABASE_URL")
        .contains("\\password ROLE")
        .doesNotContain("NEW VALUE")
        .doesNotContain("no old value is valid")
        .doesNotContain("Done");
    assertThat(opens(OLD)).isTrue();
    assertThat(password()).isEqualTo(OLD);
    assertThat(succeed("", "log")).doesNotContain("apply");
    // Meanwhile, the other values are replaced.
    assertThat(run(0, "emergency", "LTC_SECRET_KEY", "--yes").lastLine()).startsWith("Done");

    edit("      on: [03-01, 09-01]\n", "      on: [03-01, 09-01]\n" + HOOKS);
    assertThat(run(0, "emergency", "DB_ADMIN_PW", "--yes", "--resume").lastLine())
        .startsWith("Done");
    assertThat(opens(OLD)).isFalse();
    assertThat(opens(password())).isTrue();
    assertNothingLeaked(password());
  }

  @Test
  void withoutTheHookAPersonReplacesItByHandAsTheLinesSay() throws Exception {
    edit(HOOKS, "");
    run(10, "emergency", "DB_ADMIN_PW", "--yes");
    String fresh = "fedcba9876543210fedcba9876543210";
    // Before the person has done it, a word closes nothing, and none is kept for later.
    String[] resumed = {
      "emergency", "DB_ADMIN_PW", "--yes", "--resume", "--by-hand", "psql: 28P01"
    };
    assertThat(run(5, "emergency", "DB_ADMIN_PW", "--yes", "--by-hand", "HOW YOU SAW IT").text())
        .contains("your own words");
    assertThat(run(10, resumed).lastLine()).contains("still opens the database");
    succeed(fresh, "put", "DB_ADMIN_PW", "--trim-newline");
    succeed("", "generate", "DATABASE_URL", "--force");
    // The hook that ends the sessions logs in with the new value, which the database refuses yet.
    assertThat(run(10, "emergency", "DB_ADMIN_PW", "--yes", "--resume").lastLine())
        .contains("step invalidate-sessions failed")
        .doesNotContain("Done");
    assertThat(opens(OLD)).isTrue();
    execute("postgres", server.password(), "ALTER ROLE ltc PASSWORD '" + fresh + "'");
    CliProcess.Result done = run(0, resumed);
    assertThat(done.lastLine()).startsWith("Done");
    assertThat(done.text()).contains("done by hand; reported by the operator: psql: 28P01");
    assertThat(succeed("", "versions", "prod/DB_ADMIN_PW")).doesNotContain("PREVIOUS");
    assertThat(opens(OLD)).isFalse();
  }

  /** A reason for no hook is a team's decision; that nothing was tried is still said. */
  @Test
  void aReasonForNoHookRotatesAndDoesNotClaimThatTheOldValueIsRefused() throws Exception {
    edit(HOOKS, "    hooks: {apply: {none: the database takes it from the store}}\n");
    edit("[./hooks/end-sessions]", "{none: nobody logs in with it}");
    assertThat(run(0, "check").text()).contains("no hook 'retire' shows");
    String rotated = succeed("", "rotate", "DB_ADMIN_PW");
    assertThat(rotated)
        .contains("(apply: none): the database takes it from the store")
        .doesNotContain("DB_ADMIN_PW: apply")
        .doesNotContain("DB_ADMIN_PW: test");
    assertThat(succeed("", "log").lines())
        .noneMatch(line -> line.matches(".*done +(apply|test).*"));
    CliProcess.Result open = run(10, "emergency", "DB_ADMIN_PW", "--yes");
    assertThat(open.lastLine())
        .startsWith("NOT done after 00:")
        .contains("may still open the database of DATABASE_URL");
    assertThat(open.text()).contains("invalidate-sessions nothing: none, because nobody logs in");
  }

  /** An old password that still works is no reason to say that it does not. */
  @Test
  void aDatabaseThatAsksForNoPasswordStopsTheEmergency() throws Exception {
    ask("trust");
    CliProcess.Result stopped = run(10, "emergency", "DB_ADMIN_PW", "--yes");
    assertThat(stopped.lastLine())
        .contains("step rotate failed")
        .contains("the old password still opens the database");
    // The new one was set all the same, so the database that asks again takes it.
    ask("scram-sha-256");
    String fresh = password();
    assertThat(opens(OLD)).isFalse();
    assertThat(opens(fresh)).isTrue();
  }

  private void ask(String method) throws SQLException {
    execute(
        "postgres",
        server.password(),
        "COPY (SELECT 'host all all 127.0.0.1/32 "
            + method
            + "') TO PROGRAM 'cat > \"$(dirname \"$PWD/x\")/pg_hba.conf\"'");
    execute("postgres", server.password(), "SELECT pg_reload_conf()");
  }
}
