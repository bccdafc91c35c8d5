package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The nightly job meets a password of a real PostgreSQL that was due long ago, in the service that
 * {@code init} begins: it rotates the password in the database as well, or not at all.
 */
class DueDatabaseTest extends CommandTest {
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private String inventory = "";
  private PostgresServer server;

  @BeforeEach
  void begin() throws IOException, SQLException {
    server = PostgresServer.start();
    try (Connection root = login("postgres", server.password());
        Statement statement = root.createStatement()) {
      statement.execute("CREATE ROLE ltc LOGIN PASSWORD '" + OLD + "'");
    }
    use(FakeStore.create().clock(() -> Instant.parse("2020-01-01T00:00:00Z")));
    write(InventoryText.example());
    ExampleHooks.write(folder.resolve(ExampleHooks.FOLDER));
    store
        .holding("prod/DB_ADMIN_PW", OLD)
        .holding("prod/DB_USERNAME", "ltc")
        .holding("prod/DB_HOST", "127.0.0.1")
        .holding("prod/DB_PORT", String.valueOf(server.port()))
        .holding("prod/DB_NAME", "postgres");
    succeed("generate", "--all", "--inventory", inventory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Without the cloud and the service's health, which are not here. */
  private void write(String text) throws IOException {
    String alone =
        text.replaceAll("(?m)^  deploy: .*$", "  deploy: [\"true\"]")
            .replaceAll("(?m)^  verify: .*$", "  verify: [\"true\"]");
    inventory = Files.writeString(folder.resolve("secrets.yaml"), alone).toString();
  }

  private Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", login);
  }

  private boolean opens(String password) {
    try (Connection connection = login("ltc", password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("28P01"); // only a wrong password
      return false;
    }
  }

  private String served() {
    return store.secondClient().fetch("prod/DB_ADMIN_PW").value().asString();
  }

  @Test
  void onTheTemplateTheDatabaseHasTheNewPassword() {
    int code = run("rotate", "due", "--inventory", inventory);
    assertThat(code).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).contains("prod/DB_ADMIN_PW: apply\nprod/DB_ADMIN_PW: test\n");
    assertThat(served()).isNotEqualTo(OLD);
    assertThat(opens(served())).isTrue();
    assertThat(opens(OLD)).isFalse();
  }

  /** The lines of a block below the heading in docs/operations.md. */
  private static List<String> lines(int block) throws IOException {
    String page = Files.readString(Path.of("../docs/operations.md"));
    String section = page.split("### Take over a database that exists\n", -1)[1];
    return section.split("```sh\n", -1)[block].split("```", -1)[0].lines().toList();
  }

  private void paste(String line) {
    List<String> args =
        new ArrayList<>(List.of(line.split(" ", -1)).subList(1, line.split(" ", -1).length));
    args.addAll(List.of("--inventory", inventory));
    FakeTerminal typing = new FakeTerminal().input(utf8(OLD + "\n"));
    int code = runWith(typing, args.toArray(new String[0]));
    assertThat(code).as(line + ": " + terminal.errText()).isZero();
  }

  /** The database is older than the store, and refuses what the store has generated. */
  @Test
  void aDatabaseThatExistsIsTakenOver() throws IOException {
    store.holding("prod/DB_ADMIN_PW", "f".repeat(32));
    assertThat(opens(served())).isFalse();
    lines(1).forEach(this::paste);
    assertThat(served()).isNotEqualTo(OLD);
    assertThat(opens(served())).isTrue();
    assertThat(opens(OLD)).isFalse();
    assertThat(store.secondClient().fetch("prod/DATABASE_URL").value().asString())
        .contains(":" + served() + "@");
  }

  @Test
  void aDatabaseWhosePasswordNobodyKnowsGetsTheGeneratedOne() throws Exception {
    store.holding("prod/DB_ADMIN_PW", "e".repeat(32));
    paste(lines(2).get(0));
    Path command = Files.createDirectories(folder.resolve("bin")).resolve("secrets");
    Files.writeString(
        command, "#!/bin/sh\n[ \"$*\" = 'get DB_ADMIN_PW' ] && printf %s \"$SERVED\"\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-euc", lines(2).get(1)).redirectErrorStream(true);
    Map<String, String> variables = shell.environment();
    variables.put("PATH", command.getParent() + ":" + variables.get("PATH"));
    variables.put("SERVED", served());
    variables.put("PGHOST", "127.0.0.1");
    variables.put("PGPORT", String.valueOf(server.port()));
    variables.put("PGUSER", "postgres");
    variables.put("PGPASSWORD", server.password());
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain(served());
    assertThat(opens(served())).isTrue();
    assertThat(opens(OLD)).isFalse();
  }

  @Test
  void withoutTheHookTheServiceIsNotLockedOutAndTheNightSaysWhy() throws IOException {
    write(
        InventoryText.example()
            .replaceAll("(?m)^      (apply|test|retire): .*\n", "")
            .replaceAll("(?m)^    hooks:\n", "")
            .replaceAll("(?m)^      # Shows .*\n", ""));
    assertThat(run("rotate", "due", "--inventory", inventory)).isEqualTo(5);
    assertThat(terminal.errText())
        .contains("Cannot rotate secret 'prod/DB_ADMIN_PW': it opens the database of DATABASE_URL");
    assertThat(terminal.outText())
        .contains("Rotated 'prod/LTC_SECRET_KEY'")
        .doesNotContain("DB_ADMIN_PW")
        .doesNotContain(": apply");
    assertThat(served()).isEqualTo(OLD);
    assertThat(opens(OLD)).isTrue();
  }
}
