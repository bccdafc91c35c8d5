package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills the process of a rotation in its hook, which changes the password of a role in a real
 * PostgreSQL; then another writer changes the store, and a person takes a way. After an exit code
 * of 0, the role accepts the served value; after any other, the advised commands lead there. The
 * short form takes the ways in turn; {@code -Dwalk.all=true} has all. {@code RotationWalkTest} has
 * every state on a model of the database.
 */
class KilledPostgresRotationTest {
  private static final String ROLE = "ltc_a";

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {apply: [./hook], test: [./hook]}
      secrets:
        DB_ADMIN_PW: {description: password, generator: hex 16, rotation: {every: 6 months}}
        DB_USERNAME: {description: user}
        DB_HOST: {description: host}
        DB_PORT: {description: port}
        DB_NAME: {description: database}
        DATABASE_URL:
          description: url
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:{DB_PORT}/{DB_NAME}
      """;

  /** Kills the program that started it where the file says so; a check call is let through. */
  private static final String HOOK =
      """
      #!/bin/sh
      dies=$(cat dies 2>/dev/null)
      [ -z "$HOOK_CHECK" ] || dies=
      [ "$dies" != "before-$ROTATION_STEP" ] || { rm dies; kill -9 $PPID; exit 1; }
      ./postgresql
      code=$?
      [ "$dies" != "after-$ROTATION_STEP" ] || { rm dies; kill -9 $PPID; }
      exit $code
      """;

  private static final List<String> ENDS = List.of("before-apply", "after-apply", "after-test");

  private static final List<String> WRITERS =
      List.of(
          "",
          "put DB_ADMIN_PW --stdin --force",
          "generate DB_ADMIN_PW --force --force",
          "rollback DB_ADMIN_PW --force");

  private static final List<String> WAYS =
      List.of(
          "rotate resume DB_ADMIN_PW",
          "rotate abandon DB_ADMIN_PW",
          "rotate DB_ADMIN_PW",
          "emergency DB_ADMIN_PW --yes --restart");

  private static final Pattern ADVISED = Pattern.compile("'secrets (rotate \\w+ [^']*)'");

  @TempDir Path folder;
  private Map<String, String> environment = Map.of();
  private PostgresServer server;
  private FakeTerminal terminal = new FakeTerminal();

  @ParameterizedTest
  @ValueSource(strings = {"gpg", "vault"})
  void theRoleTakesTheServedValueInTheEnd(String scheme) throws Exception {
    try (PostgresServer postgres = PostgresServer.start();
        Backend backend = Backend.start(scheme, folder.resolve("backend"))) {
      server = postgres;
      environment = backend.environment();
      prepare();
      boolean isLong = Boolean.getBoolean("walk.all");
      int turn = scheme.length();
      for (String end : ENDS) {
        for (String writer : WRITERS) {
          turn++;
          for (String way : isLong ? WAYS : List.of(WAYS.get(turn % WAYS.size()))) {
            walk(end, writer, way);
          }
        }
      }
    }
  }

  private void prepare() throws IOException, SQLException {
    sql("CREATE ROLE " + ROLE + " LOGIN CREATEROLE");
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    Files.copy(Path.of("../examples/hooks/postgresql"), folder.resolve("postgresql"));
    Files.writeString(folder.resolve("hook"), HOOK);
    for (String program : List.of("postgresql", "hook")) {
      Files.setPosixFilePermissions(
          folder.resolve(program), PosixFilePermissions.fromString("rwx------"));
    }
    String port = String.valueOf(server.port());
    for (List<String> each :
        List.of(
            List.of("DB_ADMIN_PW", "0".repeat(32)),
            List.of("DB_USERNAME", ROLE),
            List.of("DB_HOST", "127.0.0.1"),
            List.of("DB_PORT", port),
            List.of("DB_NAME", "postgres"))) {
      assertThat(run("put " + each.get(0) + " --stdin", each.get(1))).as(said()).isZero();
    }
    assertThat(run("generate DATABASE_URL", "")).as(said()).isZero();
  }

  private void walk(String end, String writer, String way) throws Exception {
    String cell = end + ", then " + writer + ", then " + way;
    sql("ALTER ROLE " + ROLE + " PASSWORD '" + served() + "'");
    Files.writeString(folder.resolve("dies"), end);
    CliProcess process = CliProcess.in(folder);
    process.environment.putAll(environment);
    assertThat(process.secrets("", "rotate", "DB_ADMIN_PW", "--grace", "1s").code())
        .as(cell)
        .isEqualTo(128 + 9);
    if (!writer.isEmpty()) {
      int unused = run(writer, "f".repeat(32)); // where there is nothing to roll back, it fails
    }
    int code = run(way, "");
    if (said().contains("rotate done: prod/DB_ADMIN_PW")) {
      code = 0; // an emergency with other open points, such as a deployment by hand
    }
    for (int i = 0; i < 5 && code != 0; i++) {
      Matcher advised = ADVISED.matcher(said());
      assertThat(advised.find()).as(cell + " advises nothing: " + said()).isTrue();
      code = run(advised.group(1).replaceAll(" --inventory \\S+", ""), "");
    }
    assertThat(code).as(cell + " leads nowhere: " + said()).isZero();
    assertThat(accepts(served())).as(cell + ": the role takes another value; " + said()).isTrue();
    int retired = run("rotate retire DB_ADMIN_PW", "");
    assertThat(said().contains("no rotation of it is open") ? 0 : retired).as(cell).isZero();
    assertThat(accepts(served())).as(cell + ", and afterwards").isTrue();
  }

  private int run(String line, String input) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    return new CommandLineRun(terminal, environment).run(words.toArray(new String[0]));
  }

  private String said() {
    return terminal.outText() + terminal.errText();
  }

  private String served() {
    try (SecretProvider provider = SecretProvider.builder().environment(environment).build()) {
      return provider.get("prod/DB_ADMIN_PW", Duration.ZERO).asString();
    }
  }

  private void sql(String statement) throws SQLException {
    try (Connection root = login("postgres", server.password());
        Statement sql = root.createStatement()) {
      sql.execute(statement);
    }
  }

  private boolean accepts(String password) throws SQLException {
    try (Connection connection = login(ROLE, password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("28P01"); // only a wrong password
      return false;
    }
  }

  private Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", login);
  }
}
