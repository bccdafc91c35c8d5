package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rotates the password of a role in a real PostgreSQL by the shipped hook, while a service logs in
 * with what it is served all the time and a pool keeps its connections.
 */
class PostgresRotationTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {apply: [./postgresql], test: [./postgresql], retire: [./postgresql]}
      secrets:
        DB_ADMIN_PW:
          description: password
          generator: hex 16
          rotation: {every: 6 months%s}
        DB_USERNAME: {description: user}
        DB_HOST: {description: host}
        DB_PORT: {description: port}
        DB_NAME: {description: database}
        DATABASE_URL:
          description: url
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:{DB_PORT}/{DB_NAME}
      """;
  private static final String TURNS = ", alternate: {user: DB_USERNAME, users: [ltc_a, ltc_b]}";
  private static final int POOL = 5;

  @TempDir Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final StringBuilder transcript = new StringBuilder();
  private final List<Connection> pool = new ArrayList<>();
  private PostgresServer server;

  @BeforeEach
  void start() throws SQLException {
    server = PostgresServer.start();
    try (Connection root = login("postgres", server.password());
        Statement statement = root.createStatement()) {
      statement.execute("CREATE ROLE ltc_a LOGIN CREATEROLE PASSWORD 'first-Jq7_vT2m.Xw9Lk4s'");
      statement.execute("CREATE ROLE ltc_b LOGIN CREATEROLE");
    }
  }

  @AfterEach
  void stop() throws SQLException {
    for (Connection connection : pool) {
      connection.close();
    }
    server.close();
  }

  private void inventory(String turns, ServedBackend backend) throws IOException {
    environment.putAll(backend.environment());
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY.replace("%s", turns));
    Path hook = folder.resolve("postgresql");
    Files.copy(Path.of("../examples/hooks/postgresql"), hook);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    run("first-Jq7_vT2m.Xw9Lk4s", "put", "DB_ADMIN_PW", "--trim-newline");
    run("ltc_a", "put", "DB_USERNAME", "--trim-newline");
    run("127.0.0.1", "put", "DB_HOST", "--trim-newline");
    run(String.valueOf(server.port()), "put", "DB_PORT", "--trim-newline");
    run("postgres", "put", "DB_NAME", "--trim-newline");
    run("", "generate", "DATABASE_URL");
  }

  private void run(String input, String... line) {
    List<String> args = new ArrayList<>(List.of(line));
    args.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    FakeTerminal terminal = new FakeTerminal().input(CommandTest.utf8(input));
    int code = new CommandLineRun(terminal, environment).run(args.toArray(new String[0]));
    transcript.append(terminal.outText()).append(terminal.errText());
    assertThat(code).as(terminal.errText()).isZero();
  }

  private Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", login);
  }

  private boolean opens(String url) {
    String[] who = url.substring("postgresql://".length(), url.indexOf('@')).split(":", 2);
    try (Connection connection = login(who[0], who[1])) {
      return connection.isValid(5);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("28P01"); // only a wrong password
      return false;
    }
  }

  private void openPool() throws SQLException {
    for (int i = 0; i < POOL; i++) {
      pool.add(login("ltc_a", "first-Jq7_vT2m.Xw9Lk4s"));
    }
  }

  private void assertPoolLives() throws SQLException {
    for (Connection connection : pool) {
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("SELECT current_user")) {
        assertThat(result.next()).isTrue();
        assertThat(result.getString(1)).isEqualTo("ltc_a");
      }
    }
  }

  /** The counters of a service that logs in all the time. */
  private record Prober(int logins, int byCurrentAlone, int without) {}

  private Prober probe(AtomicBoolean stop) {
    int logins = 0;
    int byCurrentAlone = 0;
    int without = 0;
    try (SecretProvider provider = SecretProvider.builder().environment(environment).build()) {
      while (!stop.get()) {
        logins++;
        if (opens(current(provider))) {
          byCurrentAlone++;
        } else if (!opensOtherwise()) {
          without++;
        }
      }
    }
    return new Prober(logins, byCurrentAlone, without);
  }

  private static String current(SecretProvider provider) {
    return provider.get("prod/DATABASE_URL", Duration.ZERO).asString();
  }

  /** The way of a service that a login was refused: the other valid versions, then the newest. */
  private boolean opensOtherwise() {
    // A new one holds no answer about stages from before.
    try (SecretProvider provider = SecretProvider.builder().environment(environment).build()) {
      return opensOtherwise(provider);
    }
  }

  private boolean opensOtherwise(SecretProvider provider) {
    for (Stage stage : List.of(Stage.PENDING, Stage.PREVIOUS)) {
      try {
        VersionSelector selector = VersionSelector.stage(stage);
        if (opens(provider.get("prod/DATABASE_URL", selector).asString())) {
          return true;
        }
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(SecretException.Kind.VERSION_NOT_FOUND);
      }
    }
    return opens(current(provider));
  }

  /** Does the work while a service logs in all the time, and some time before and after. */
  private Prober probedDuring(Runnable work) throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AtomicBoolean stop = new AtomicBoolean();
    try {
      Future<Prober> prober = executor.submit(() -> probe(stop));
      try {
        work.run();
      } finally {
        stop.set(true);
      }
      return prober.get();
    } finally {
      executor.shutdownNow();
    }
  }

  private String held(String name) {
    try (SecretProvider provider = SecretProvider.builder().environment(environment).build()) {
      return provider.get(name).asString();
    }
  }

  /** On Key Vault, which no longer gives out a retired version, so the hook must run before. */
  @Test
  void usersTakeTurnsAndWhatIsServedLogsInAtEveryMoment() throws Exception {
    try (ServedBackend keyVault = ServedBackend.start("azure", folder)) {
      inventory(TURNS, keyVault);
      takeTurns();
    }
  }

  private void takeTurns() throws Exception {
    openPool();
    List<String> passwords = new ArrayList<>(List.of("first-Jq7_vT2m.Xw9Lk4s"));
    Prober prober =
        probedDuring(
            () -> {
              run("", "rotate", "DB_ADMIN_PW");
              passwords.add(held("prod/DB_ADMIN_PW"));
              assertThat(opens(url("ltc_a", passwords.get(0)))).as("in its grace").isTrue();
              run("", "rotate", "retire", "DB_ADMIN_PW");
              assertThat(opens(url("ltc_a", passwords.get(0)))).as("after it").isFalse();
              run("", "rotate", "DB_ADMIN_PW");
              passwords.add(held("prod/DB_ADMIN_PW"));
              run("", "rotate", "rollback", "DB_ADMIN_PW");
            });
    assertThat(prober.byCurrentAlone()).isEqualTo(prober.logins()).isGreaterThan(10);
    assertThat(held("prod/DATABASE_URL")).isEqualTo(url("ltc_b", passwords.get(1)));
    assertPoolLives();
    assertNothingLeaked(passwords);
    tell("two users take turns", prober);
  }

  @Test
  void oneUserIsServedAWorkingLoginByCurrentOrPending() throws Exception {
    inventory("", ServedBackend.start("gpg", folder));
    openPool();
    List<String> passwords = new ArrayList<>(List.of("first-Jq7_vT2m.Xw9Lk4s"));
    Prober prober =
        probedDuring(
            () -> {
              run("", "rotate", "DB_ADMIN_PW");
              passwords.add(held("prod/DB_ADMIN_PW"));
              run("", "rotate", "rollback", "DB_ADMIN_PW");
              assertThat(held("prod/DB_ADMIN_PW")).isEqualTo(passwords.get(0));
              run("", "rotate", "DB_ADMIN_PW", "--grace", "1s", "--hook-timeout", "1m");
              passwords.add(held("prod/DB_ADMIN_PW"));
            });
    assertThat(prober.without()).isZero();
    assertThat(prober.logins()).isGreaterThan(10);
    assertThat(held("prod/DATABASE_URL")).isEqualTo(url("ltc_a", passwords.get(2)));
    assertThat(opens(held("prod/DATABASE_URL"))).isTrue();
    assertThat(opens(url("ltc_a", passwords.get(0)))).isFalse();
    assertPoolLives();
    assertNothingLeaked(passwords);
    tell("one user's password changes", prober);
  }

  private String url(String user, String password) {
    return "postgresql://" + user + ":" + password + "@127.0.0.1:" + server.port() + "/postgres";
  }

  private void assertNothingLeaked(List<String> passwords) throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      passwords.forEach(password -> probe.watch("password", password));
      probe
          .look("transcript", transcript)
          .look("log of PostgreSQL", server.log())
          .lookAtFiles(folder.resolve("secrets-rotations"))
          .lookAtProcesses()
          .assertClean();
    }
  }

  private static void tell(String way, Prober prober) {
    System.out.printf(
        Locale.ROOT,
        "rotation: %d logins to PostgreSQL while %s: %d with the current value, %d with another"
            + " valid one, %d without%n",
        prober.logins(),
        way,
        prober.byCurrentAlone(),
        prober.logins() - prober.byCurrentAlone() - prober.without(),
        prober.without());
  }
}
