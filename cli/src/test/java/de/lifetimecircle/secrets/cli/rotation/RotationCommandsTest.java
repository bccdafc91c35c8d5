package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the output and exit codes of {@code rotate}, {@code due}, {@code schedule}, {@code log}.
 */
class RotationCommandsTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: Lifetime Circle
      owner: security
      time-zone: Europe/Berlin
      environments: {prod: {prefix: prod/}}
      hooks:
        test: [sh, -c, "exit $(cat code)"]
      secrets:
        KEY:
          description: key
          generator: hex 32
          rotation: {every: 3 months, grace: 2 hours}
        GIVEN:
          description: given
          rotation: {every: 1 year}
      """;

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void writeInventory() throws IOException {
    file = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    store.holding("prod/KEY", CANARY).holding("prod/GIVEN", "given-by-somebody");
    testEndsWith(0);
  }

  private void testEndsWith(int code) throws IOException {
    Files.writeString(folder.resolve("code"), String.valueOf(code));
  }

  private int operate(String line) {
    return operateWith(new FakeTerminal(), line);
  }

  private int operateWith(FakeTerminal prepared, String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("--inventory", file));
    int code = runWith(prepared, args.toArray(new String[0]));
    assertThat(terminal.outText() + terminal.errText()).doesNotContain(CANARY);
    return code;
  }

  /** Returns the message of a second rotation within the grace that the page shows. */
  private static String quotedOf(String page) throws IOException {
    return Files.readString(Path.of("..", page))
        .replaceFirst("(?s).*### A second rotation within the grace.*?\n```\n(.*?)```.*", "$1");
  }

  /** Returns a message with what differs from case to case left out. */
  private static String inDocs(String message) {
    return message
        .replaceAll(" --inventory [^ ']+", "")
        .replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void tellsEachStepAndTheEnd() throws IOException {
    assertThat(operate("rotate KEY --by anna")).as(terminal.errText()).isZero();
    assertThat(terminal.outText())
        .startsWith("prod/KEY: generate\nprod/KEY: pending\n")
        .contains("\nRotated 'prod/KEY': version v1 -> v3; the old value will be retired after ");
    assertThat(held("prod/KEY")).matches("[0-9a-f]{64}");
    assertThat(operate("rotate resume KEY --json")).isZero();
    Map<?, ?> document = (Map<?, ?>) result(terminal.outText());
    assertThat(document.get("outcome")).isEqualTo("waiting");
    assertThat(document.get("secret")).isEqualTo("KEY");
    assertThat(operate("rotate KEY")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(inDocs(terminal.errText()))
        .startsWith("secrets: Cannot rotate secret 'prod/KEY'")
        .isEqualTo("secrets: " + inDocs(quotedOf("docs/rotation.md")));
    assertThat(operate("rotate retire KEY")).isZero();
    assertThat(terminal.outText()).contains("Rotated 'prod/KEY'");
    assertThat(folder.resolve("secrets-rotations").resolve(RotationLog.FILE)).exists();
  }

  @Test
  void aPersonSeesTheHookThatRuns() throws IOException {
    String waits = FakeTerminal.hookThatWaitsToBeSeen();
    file =
        Files.writeString(Path.of(file), INVENTORY.replace("exit $(cat code)", waits)).toString();
    assertThat(operateWith(FakeTerminal.seeing(folder), "rotate KEY"))
        .as(terminal.errText())
        .isZero();
    assertThat(terminal.progress)
        .last(InstanceOfAssertFactories.STRING)
        .matches("secrets: hook test: \\d+ s of at most .*; it printed last: 1 of 2");
  }

  @Test
  void aStepThatFailsHasACodeOfItsOwnAndTellsTheWaysOn() throws IOException {
    testEndsWith(4);
    assertThat(operate("rotate KEY")).isEqualTo(ExitCode.STOPPED.code());
    assertThat(terminal.errText())
        .contains("step test failed: the hook ended with 4")
        .contains("The old value is in service")
        .contains("'secrets rotate resume KEY --inventory " + file + "'")
        .hasLineCount(1);
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
    assertThat(operate("due")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .contains("\nOPEN   prod/KEY ")
        .contains("\n       stopped after step pending")
        .endsWith("\n2 secrets: 1 unfinished, 1 later\n");
    testEndsWith(0);
    assertThat(operate("rotate resume KEY")).isZero();
    assertThat(operate("rotate rollback KEY")).isZero();
    assertThat(terminal.outText()).contains("Rolled back 'prod/KEY'");
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
    testEndsWith(1);
    assertThat(operate("rotate KEY --json")).isEqualTo(ExitCode.STOPPED.code());
    assertThat(terminal.errText())
        .startsWith("{\"command\":\"rotate\",\"exitCode\":10,\"error\":{\"kind\":\"stopped\",");
    assertThat(operate("rotate abandon KEY")).isZero();
    assertThat(terminal.outText()).contains("Abandoned the rotation of 'prod/KEY'");
  }

  @Test
  void rotatesWhatIsDueAndSaysWhatPeopleHaveToBring() {
    assertThat(operate("due")).isZero();
    assertThat(terminal.outText())
        .containsPattern("\nLATER  prod/KEY +20\\d\\d-\\d\\d-\\d\\d  in \\d+ days +20")
        .endsWith("\n2 secrets: 2 later\n");
    assertThat(operate("due --within 100 --json")).isEqualTo(ExitCode.FOUND.code());
    Map<?, ?> due = (Map<?, ?>) result(terminal.outText());
    assertThat((List<?>) due.get("secrets")).hasSize(2);
    assertThat(operate("rotate due")).isZero();
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
    FakeTerminal piped = new FakeTerminal().input(utf8("brought-by-anna\n"));
    assertThat(operateWith(piped, "rotate GIVEN --from-stdin")).as(terminal.errText()).isZero();
    assertThat(held("prod/GIVEN")).isEqualTo("brought-by-anna");
    assertThat(operateWith(new FakeTerminal(), "rotate KEY --from-stdin"))
        .isEqualTo(ExitCode.INVALID.code());
    piped = new FakeTerminal().input(utf8(CANARY));
    assertThat(operateWith(piped, "rotate KEY --from-stdin")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("is the one in service");
    assertThat(operate("rotate GIVEN")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText())
        .contains("'secrets rotate GIVEN --from-stdin --inventory " + file + "'");
  }

  @Test
  void whatIsDueAndFailsKeepsNothingElseFromBeingRotated() throws IOException {
    java.time.Instant old = java.time.Instant.parse("2020-01-01T00:00:00Z");
    store.clock(() -> old).holding("prod/KEY", CANARY + "2").holding("prod/GIVEN", "given-in-2020");
    store.clock(java.time.InstantSource.system());
    assertThat(operate("due")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .containsPattern("\nDUE    prod/KEY +2020-04-01  \\d,\\d+ days ago  2020-01-01\n");
    assertThat(terminal.outText().lines()).allMatch(line -> line.length() <= 80);
    assertThat(operate("rotate due")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("prod/GIVEN").contains("--from-stdin");
    assertThat(held("prod/KEY")).matches("[0-9a-f]{64}");
  }

  @Test
  void aBackendThatCannotBeAskedIsNotTakenForOneWhereNothingIsDue() {
    store.always(
        FakeStore.Op.VERSIONS, "prod/KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThat(operate("due")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .contains("\nUNKNOWN  prod/KEY\n")
        .contains("\nUNKNOWN  unavailable; the command doctor checks the backend\n")
        .endsWith("\n2 secrets: 1 unknown, 1 later\n");
    assertThat(operate("rotate due")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.errText())
        .isEqualTo(
            "secrets: Cannot tell whether secret 'prod/KEY' is due: unavailable. Run 'secrets"
                + " doctor' to see which backend is configured and whether it answers.\n");
    store.losing("prod/GIVEN");
    assertThat(operate("rotate due --json")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.errText()).hasLineCount(2).contains("'prod/GIVEN' is due: not found");
    assertThat(result(terminal.outText())).isEqualTo(List.of());
  }

  /** Else the second line of a hook's output could pass for an entry of the log. */
  @Test
  void anEntryOfTheLogIsOneLine() throws IOException {
    Files.writeString(
        Path.of(file),
        INVENTORY.replace("exit $(cat code)", "echo one; echo '99  finished'; exit $(cat code)"));
    testEndsWith(4);
    assertThat(operate("rotate KEY")).isEqualTo(ExitCode.STOPPED.code());
    assertThat(operate("log")).isZero();
    assertThat(terminal.outText().lines())
        .allMatch(line -> line.matches("[1-9]  2.*prod/KEY: .*"))
        .anyMatch(line -> line.contains("stopped test (") && line.contains("one 99  finished"));
  }

  @Test
  void showsAndVerifiesTheLog() throws IOException {
    assertThat(operate("log")).isZero();
    assertThat(terminal.outText()).startsWith("No rotation is recorded in ");
    assertThat(operate("rotate KEY --by anna")).isZero();
    assertThat(operate("log")).isZero();
    assertThat(terminal.outText())
        .contains("  anna  prod/KEY: done promote\n")
        .contains("  anna  prod/KEY: done test\n")
        .doesNotContain("apply", "render", "deploy", "verify");
    assertThat(operate("log --verify")).isZero();
    assertThat(terminal.outText()).startsWith("OK    5 lines, head ");
    Path log = folder.resolve("secrets-rotations").resolve(RotationLog.FILE);
    Files.writeString(log, Files.readString(log).replaceFirst("anna", "otto"));
    assertThat(operate("log --verify")).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(terminal.outText()).contains("FAIL  line 1: edited: its digest does not fit");
    assertThat(operate("log --json")).isEqualTo(ExitCode.CORRUPT.code());
  }

  @Test
  void writesSchedules() {
    assertThat(operate("schedule --as cron --hour 4")).isZero();
    assertThat(terminal.outText())
        .contains("17 4 * * * lifetime-circle cd /srv/lifetime-circle && secrets rotate due")
        .contains("\nSECRETS_CONFIG=/etc/lifetime-circle/secrets.properties\n");
    assertThat(operate("schedule --as systemd")).isZero();
    assertThat(terminal.outText())
        .contains("OnCalendar=*-*-* 03:17:00 Europe/Berlin")
        .contains("\nEnvironment=SECRETS_CONFIG=/etc/lifetime-circle/secrets.properties\n")
        .contains("# ---- secrets-rotate-lifetime-circle-prod.timer");
    assertThat(operate("schedule --as github")).isZero();
    assertThat(terminal.outText())
        .contains("          [ -d secrets-rotations ] || exit 0 # nothing was due yet\n");
    assertThat(operate("schedule --as github --json")).isZero();
    assertThat(terminal.outText()).contains("rotate-secrets.yml").contains("secrets rotate due");
    assertThat(operate("schedule --as at")).isEqualTo(ExitCode.USAGE.code());
    assertThat(operate("schedule --as cron --hour 24")).isEqualTo(ExitCode.USAGE.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rotate",
        "rotate KEY due",
        "rotate KEY resume",
        "rotate --grace 1h resume KEY",
        "rotate resume",
        "rotate resume KEY --rollback",
        "rotate KEY --plain --grace 1h",
        "rotate KEY --type hex",
        "rotate KEY --hook-timeout soon",
        "rotate KEY --grace 0",
      })
  void refusesWhatDoesNotFitTogether(String line) {
    assertThat(operate(line)).isEqualTo(ExitCode.USAGE.code());
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
  }

  /** A file that lies in the folder changes nothing for who does not ask for it. */
  @Test
  void withoutTheInventoryOnlyTheValueIsRotated() {
    store.holding("plain", "0123456789abcdef0123456789abcdef");
    assertThat(succeed("rotate", "plain")).startsWith("Rotated 'plain': version ");
  }
}
