package de.lifetimecircle.secrets.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakProbeExtension.class)
class AuditCommandTest {
  @TempDir Path folder;
  private FakeTerminal terminal = new FakeTerminal();
  private String inventory = "";

  @BeforeEach
  void begin() throws IOException {
    inventory =
        Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
  }

  private int run(Map<String, String> environment, String input, String... args) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    return new CommandLineRun(terminal, environment).run(args);
  }

  private static String line(String time, String who, String name) {
    return Json.write(
            Map.of(
                "audit",
                1,
                "time",
                time,
                "principal",
                who,
                "operation",
                "read",
                "name",
                name,
                "host",
                "app-1",
                "outcome",
                "ok"))
        + "\n";
  }

  @Test
  void tellsWhoReadWhatWhenAndFromWhere() {
    String log =
        line("2026-03-02T08:00:00Z", "userpass-anna", "prod/LTC_SECRET_KEY")
            + line("2026-03-02T22:00:00Z", "userpass-anna", "prod/LTC_SECRET_KEY");
    assertThat(run(Map.of(), log, "audit", "-", "--inventory", inventory)).isEqualTo(9);
    assertThat(terminal.outText())
        .isEqualTo(
            """
              WHAT                      TIMES  WHEN                       FROM   OUTCOME
            userpass-anna
              read prod/LTC_SECRET_KEY  2      2026-03-02 09:00 to 23:00  app-1  ok

            FOUND 2026-03-02 23:00: userpass-anna read prod/LTC_SECRET_KEY from app-1:
                  outside working hours
            Not looked for: from CI outside a deployment: no --deployments
            Not looked for: by a first reader: neither --since nor --state
            2 records: 2 judged; 1 finding
            """);
    assertThat(run(Map.of(), log, "audit", "-", "--json", "--inventory", inventory)).isEqualTo(9);
    Map<?, ?> document = (Map<?, ?>) CommandTest.result(terminal.outText());
    assertThat((List<?>) document.get("findings")).hasSize(1);
    assertThat(((Map<?, ?>) ((List<?>) document.get("findings")).get(0)).get("reasons"))
        .isEqualTo(List.of("outside-hours"));
  }

  @Test
  void endsWellWhereNothingIsFound() {
    String log = line("2026-03-02T08:00:00Z", "userpass-anna", "prod/LTC_SECRET_KEY");
    assertThat(run(Map.of(), log, "audit", "-", "--inventory", inventory)).isZero();
  }

  @Test
  void tellsARequestWithoutAnAnswerOnceForAllLogs() throws IOException {
    Path first =
        Files.writeString(
            folder.resolve("openbao.log"),
            """
            {"time":"2026-03-02T08:00:00Z","type":"request","auth":{"display_name":"userpass-anna"},\
            "request":{"id":"1","operation":"read","mount_point":"secret/","mount_type":"kv",\
            "path":"secret/data/prod/LTC_SECRET_KEY","remote_address":"10.0.0.7"}}
            """);
    String second = line("2026-03-02T08:00:00Z", "userpass-anna", "prod/LTC_SECRET_KEY");
    assertThat(run(Map.of(), second, "audit", first.toString(), "-", "--inventory", inventory))
        .isZero();
    assertThat(terminal.outText()).contains("unanswered").contains("2 records: 2 judged");
  }

  @Test
  void aFileWithoutADeploymentSaysThatNothingWasDeployed() throws IOException {
    String log = line("2026-03-02T08:00:00Z", "approle/lifetimecircle-ci", "prod/LTC_SECRET_KEY");
    assertThat(run(Map.of(), log, "audit", "-", "--inventory", inventory)).isZero();
    String runs = Files.writeString(folder.resolve("runs.json"), "[]\n").toString();
    assertThat(run(Map.of(), log, "audit", "-", "--deployments", runs, "--inventory", inventory))
        .isEqualTo(9);
    assertThat(terminal.outText()).contains("from CI outside a deployment");
  }

  /** Whoever signs the report must not take a log for clean of which a part is missing. */
  @Test
  void aRecordThatCannotBeReadIsNoSuccess() {
    String log = line("2026-03-02T08:00:00Z", "userpass-anna", "prod/LTC_SECRET_KEY") + "cut {\n";
    assertThat(run(Map.of(), log, "audit", "-", "--inventory", inventory)).isEqualTo(9);
    assertThat(terminal.outText())
        .contains("Not read: standard input:2: not JSON\n")
        .endsWith("2 records: 1 judged, 1 not read; 0 findings\n");
    assertThat(run(Map.of(), log, "audit", "-", "--json", "--inventory", inventory)).isEqualTo(9);
    Map<?, ?> document = (Map<?, ?>) CommandTest.result(terminal.outText());
    assertThat(document.get("broken")).hasToString("1");
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThat(run(Map.of(), "", "audit", "--inventory", inventory)).isEqualTo(2);
    assertThat(run(Map.of(), "", "audit", "-", "--format", "x", "--inventory", inventory))
        .isEqualTo(2);
    assertThat(run(Map.of(), "", "audit", "-", "--since", "noon", "--inventory", inventory))
        .isEqualTo(2);
    assertThat(run(Map.of(), "", "audit", folder + "/none", "--inventory", inventory)).isEqualTo(5);
    assertThat(terminal.errText()).contains("Cannot read the log").contains("no such file");
    assertThat(run(Map.of(), "no json\n", "audit", "-", "--inventory", inventory)).isEqualTo(5);
  }

  private Map<String, String> gpg(Path log, String principal) {
    return Map.of(
        "SECRETS_BACKEND",
        "gpg",
        "SECRETS_GPG_STORE",
        folder.resolve("store").toString(),
        "SECRETS_GPG_KEY_FILE",
        folder.resolve("key.asc").toString(),
        "SECRETS_AUDIT_LOG",
        log.toString(),
        "SECRETS_AUDIT_PRINCIPAL",
        principal);
  }

  @Test
  void judgesWhoListsAllOrLetsAnotherReadTheStore() throws IOException {
    Path log = folder.resolve("audit.log");
    String certificate = Files.writeString(folder.resolve("none.asc"), "no certificate").toString();
    Map<String, String> environment = gpg(log, "mallory");
    assertThat(run(environment, "v", "put", "staging/A")).as(terminal.errText()).isZero();
    assertThat(run(environment, "", "list")).isZero();
    assertThat(run(environment, "", "recipients", "add", certificate)).isNotZero();
    String fingerprint = "0A1B".repeat(10);
    assertThat(run(environment, "", "recipients", "remove", fingerprint)).isNotZero();
    assertThat(run(Map.of(), "", "audit", log.toString(), "--inventory", inventory)).isEqualTo(9);
    assertThat(terminal.outText().lines()).allMatch(line -> line.length() <= 80);
    assertThat(terminal.outText().replaceAll("\n +", " "))
        .contains(": mallory list from ")
        .contains(": mallory add-recipient from ")
        .contains(": mallory remove-recipient " + fingerprint + " from ")
        .contains("4 records: 3 judged, 1 about secrets of others; 3 findings");
  }

  @Test
  void readsWhatTheCommandItselfHasWritten(LeakProbe probe) throws IOException {
    String canary = probe.canary("value");
    Path log = folder.resolve("audit.log");
    Map<String, String> environment = gpg(log, "userpass-anna");
    assertThat(run(environment, canary, "put", "prod/LTC_SECRET_KEY"))
        .as(terminal.errText())
        .isZero();
    assertThat(run(environment, "", "get", "prod/LTC_SECRET_KEY")).isZero();
    assertThat(run(environment, "", "get", "prod/NONE")).isEqualTo(3);
    run(Map.of(), "", "audit", log.toString(), "--inventory", inventory);
    assertThat(terminal.outText())
        .contains("put prod/LTC_SECRET_KEY")
        .contains("read prod/LTC_SECRET_KEY")
        .contains("read prod/NONE")
        .contains("not-found")
        .contains("list ") // a miss looks for a similar name
        .contains("4 records: 4 judged");
    probe.look("output", terminal.outText()).look("log", Files.readString(log));
  }
}
