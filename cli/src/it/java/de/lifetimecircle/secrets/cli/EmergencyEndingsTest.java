package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays every ending of an emergency on a store and a real PostgreSQL, and asks every command that
 * looks at the service how it ended: all of them say it, and in the same words. Commands run in
 * this JVM, and all stores share one database. The short form is on files; {@code
 * -Dplay.backends=all} has all four stores, as {@code ./verify --full} does.
 */
class EmergencyEndingsTest {
  private static final String OLD = "7c1f93e5a0d84b26c9e37f15d2806ab4";
  private static final int EMERGENCY = 11;
  private static final int STOPPED = 10;
  private static final String SESSIONS = "  invalidate-sessions: [sh, ./sessions]\n";
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      contact: "+49 30 0"
      environments:
        prod: {prefix: prod/}
        staging: {prefix: staging/, drills: live}
      hooks:
        deploy: ["true"]
        invalidate-sessions: [sh, ./sessions]
        verify: ["true"]
      secrets:
        KEY: {description: signs, environments: [staging], generator: hex 32}
        DB_ADMIN_PW:
          description: password
          environments: [prod]
          generator: hex 16
          rotation: {every: 6 months}
          hooks: {apply: [./postgresql], test: [./postgresql], retire: [./postgresql]}
        DB_USERNAME: {description: user, environments: [prod]}
        DB_HOST: {description: host, environments: [prod]}
        DB_PORT: {description: port, environments: [prod]}
        DB_NAME: {description: database, environments: [prod]}
        DATABASE_URL:
          description: url
          environments: [prod]
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:{DB_PORT}/{DB_NAME}
      """;

  private static PostgresServer server;

  @TempDir Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final StringBuilder transcript = new StringBuilder();
  private final List<String> passwords = new ArrayList<>(List.of(OLD));
  private String role = "";

  static List<String> backends() {
    return "all".equals(System.getProperty("play.backends"))
        ? List.of("gpg", "aws", "azure", "vault")
        : List.of("gpg");
  }

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyEndingIsToldByEveryCommandInTheSameWords(String backend) throws Exception {
    try (ServedBackend served = ServedBackend.start(backend, folder)) {
      environment.putAll(served.environment());
      begin("ltc_" + backend);
      done();
      interruptedAndFinishedBySomebodyElse();
      notDoneAndFinishedByHand();
      drill();
      interruptedLiveDrill();
      try (LeakProbe probe = LeakProbe.start()) {
        passwords.forEach(password -> probe.watch("password", password));
        probe
            .look("transcript", transcript)
            .lookAtFiles(folder.resolve("secrets-rotations"))
            .lookAtFiles(folder.resolve("docs"))
            .assertClean();
      }
    }
  }

  private void begin(String user) throws IOException, SQLException {
    role = user;
    execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + OLD + "'");
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    sessions("exit 0");
    Path hook = folder.resolve("postgresql");
    Files.copy(Path.of("../examples/hooks/postgresql"), hook);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    put("prod/DB_ADMIN_PW", OLD);
    put("prod/DB_USERNAME", role);
    put("prod/DB_HOST", "127.0.0.1");
    put("prod/DB_PORT", String.valueOf(server.port()));
    put("prod/DB_NAME", "postgres");
    run(0, "generate", "--all", "--environment", "prod");
    run(0, "generate", "--all", "--environment", "staging");
  }

  private void done() throws Exception {
    assertThat(emergency(0)).startsWith("Done after 00:");
    assertNoLead("prod");
    assertRecord("done", "done", "erledigt");
    assertThat(run(9, "status", "--environment", "prod")).contains("a real one, done on ");
    assertThat(run(9, "status", "--environment", "prod", "--lang", "de")).contains(" s erledigt: ");
  }

  private void interruptedAndFinishedBySomebodyElse() throws Exception {
    sessions("echo the table is locked; exit 4");
    assertThat(emergency(STOPPED))
        .contains("Cannot finish the emergency of 'prod/DB_ADMIN_PW' (interrupted): step");
    assertLead("prod", "Emergency of prod/DB_ADMIN_PW: interrupted; anna began it on ");
    assertThat(run(EMERGENCY, "status", "--environment", "prod", "--lang", "de"))
        .startsWith("Notfall prod/DB_ADMIN_PW: unterbrochen; anna hat ihn am ");
    assertRecord("interrupted", "interrupted", "unterbrochen");
    sessions("exit 0");
    assertThat(emergency(0, "--by", "bert")).startsWith("Done after 00:");
    assertNoLead("prod");
    assertRecord("done", "done", "erledigt");
  }

  private void notDoneAndFinishedByHand() throws Exception {
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY.replace(SESSIONS, ""));
    assertThat(emergency(STOPPED)).startsWith("NOT done after 00:");
    assertLead("prod", "Emergency of prod/DB_ADMIN_PW: NOT done; anna began it on ");
    assertRecord("not-done", "NOT done", "NICHT erledigt");
    String german = run(EMERGENCY, "status", "--environment", "prod", "--lang", "de");
    assertThat(german)
        .startsWith("Notfall prod/DB_ADMIN_PW: NICHT erledigt; anna hat ihn am ")
        .contains("der letzte ist NICHT erledigt")
        .doesNotContain(" s erledigt: ");
    assertThat(emergency(0, "--resume", "--by-hand", "emptied the table"))
        .startsWith("Done by hand after 00:");
    assertNoLead("prod");
    assertRecord("by-hand", "done by hand", "von Hand erledigt");
    assertThat(run(9, "status", "--environment", "prod")).contains("a real one, done by hand on ");
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
  }

  private void drill() throws Exception {
    assertThat(emergency(0, "--drill")).startsWith("DRILL Done after 00:");
    assertNoLead("prod");
    assertRecord("done", "DRILL done", "ÜBUNG erledigt");
    assertThat(run(9, "status", "--environment", "prod")).contains(" s (DRILL done): ");
  }

  private void interruptedLiveDrill() throws Exception {
    sessions("exit 4");
    String[] drill = {"emergency", "staging/KEY", "--drill", "--live", "--yes", "--by", "anna"};
    assertThat(run(STOPPED, drill)).contains("Cannot finish the drill of 'staging/KEY'");
    assertLead("staging", "DRILL Emergency of staging/KEY: interrupted; anna (drill) began it on ");
    assertNoLead("prod");
    assertThat(page("--environment", "staging")).contains("</span> DRILL interrupted</span>");
    sessions("exit 0");
    run(0, drill);
    assertNoLead("staging");
    assertThat(page("--environment", "staging")).contains("</span> DRILL done</span>");
  }

  private String emergency(int code, String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("emergency", "prod/DB_ADMIN_PW", "--yes"));
    line.addAll(List.of(more));
    if (!line.contains("--by")) {
      line.addAll(List.of("--by", "anna"));
    }
    String text = run(code, line.toArray(new String[0]));
    try (SecretProvider provider = SecretProvider.builder().environment(environment).build()) {
      passwords.add(provider.get("prod/DB_ADMIN_PW").asString());
    }
    assertThat(opens(passwords.get(passwords.size() - 1))).isTrue();
    assertThat(opens(OLD)).isFalse();
    return text.lines().reduce((a, b) -> b).orElse("");
  }

  /** Every command that looks leads with the emergency, says how to finish it, and ends with 11. */
  private void assertLead(String where, String words) throws IOException {
    for (String command : List.of("status", "check", "due", "doctor")) {
      String text = run(EMERGENCY, looks(command, where));
      assertThat(text).as(command).startsWith(words);
      assertThat(text).as(command).contains("To finish it, run 'secrets emergency ");
      assertThat(run(EMERGENCY, json(looks(command, where))))
          .as(command)
          .contains("\"outcome\":\"" + (words.contains("NOT") ? "not-done" : "interrupted") + "\"")
          .contains("\"command\":\"secrets emergency ");
    }
    String first = page("--environment", where);
    first = first.substring(first.indexOf("<section class=\"todo\">"));
    assertThat(first.substring(first.indexOf("<ul"))).contains(words);
    assertThat(first.indexOf(words)).isLessThan(first.indexOf("</li>"));
  }

  private void assertNoLead(String where) throws IOException {
    for (String command : List.of("status", "check", "due", "doctor")) {
      assertThat(run(-1, looks(command, where))).as(command).doesNotContain("Emergency of ");
      assertThat(run(-1, json(looks(command, where)))).as(command).doesNotContain("interrupted");
    }
    assertThat(page("--environment", where)).doesNotContain("Emergency of ");
  }

  private static String[] looks(String command, String where) {
    return new String[] {command, "--environment", where};
  }

  private static String[] json(String... line) {
    return Stream.concat(Stream.of(line), Stream.of("--json")).toArray(String[]::new);
  }

  /** The newest record has the field, and its page and the status page say the same words. */
  private void assertRecord(String field, String english, String german) throws IOException {
    Path last;
    try (Stream<Path> records = Files.list(folder.resolve("docs/post-mortems"))) {
      last = records.max(Comparator.naturalOrder()).orElseThrow();
    }
    assertThat(last)
        .content()
        .contains(" outcome=" + field + " -->\n", "| Outcome | **" + english + "** |");
    assertThat(page("--environment", "prod")).contains("</span> " + english + "</span>");
    assertThat(page("--environment", "prod", "--lang", "de"))
        .contains("</span> " + german + "</span>");
  }

  private String page(String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("status", "--html"));
    line.addAll(List.of(more));
    String text = run(-1, line.toArray(new String[0]));
    assertThat(text).startsWith("<!DOCTYPE html>");
    return text;
  }

  /** Runs a command as a person beside the inventory; any code if it is -1. */
  private String run(int code, String... line) throws IOException {
    return run(code, "", line);
  }

  private String run(int code, String input, String[] line) throws IOException {
    List<String> args = new ArrayList<>(List.of(line));
    args.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    FakeTerminal terminal = new FakeTerminal().input(CommandTest.utf8(input));
    int got = new CommandLineRun(terminal, environment).run(args.toArray(new String[0]));
    String text = terminal.outText() + terminal.errText();
    transcript.append(text);
    if (!line[0].equals("emergency")) {
      text = text.replaceAll("\\s+", " "); // the others break long lines
    }
    if (code >= 0) {
      assertThat(got).as(String.join(" ", line) + ": " + text).isEqualTo(code);
    }
    return text;
  }

  private void put(String name, String value) throws IOException {
    String unused = run(0, value, new String[] {"put", name, "--trim-newline"});
  }

  private void sessions(String script) throws IOException {
    Files.writeString(folder.resolve("sessions"), script + "\n");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = login("postgres", server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private boolean opens(String password) {
    try (Connection connection = login(role, password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("28P01"); // only a wrong password
      return false;
    }
  }

  private static Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", login);
  }
}
