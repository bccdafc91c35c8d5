package de.lifetimecircle.secrets.cli.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmergencyCommandTest extends CommandTest {
  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void fill() throws IOException {
    String text =
        InventoryText.example()
            .replace(".example", ".test")
            .replaceAll("(?m)^  deploy: .*$", "  deploy: [\"true\"]")
            .replaceAll("(?m)^  verify: .*$", "  verify: [sh, ./verify]")
            .replaceAll("(?m)^  invalidate-sessions: .*$", "  invalidate-sessions: [\"true\"]")
            .replace("[./hooks/postgresql]", "[\"true\"]");
    inventory = Files.writeString(folder.resolve("secrets.yaml"), text).toString();
    Files.writeString(folder.resolve("verify"), "exit 0\n");
    store
        .holding("prod/DB_USERNAME", "postgres")
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "5432")
        .holding("prod/DB_NAME", "ltc");
    succeed("generate", "--all", "--inventory", inventory);
  }

  private String value(String name) {
    return store.secondClient().fetch("prod/" + name).value().asString();
  }

  private List<Path> postMortems() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("docs/post-mortems"))) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LTC_SECRET_KEY", "DB_ADMIN_PW", "DATABASE_URL"})
  void aDrillTouchesNothingOfTheServiceAndLeavesItsPostMortem(String name) throws IOException {
    int writes = store.calls(FakeStore.Op.PUT);
    int reads = store.calls(FakeStore.Op.FETCH);
    Files.writeString(folder.resolve("verify"), "echo ran > ran\n");
    assertThat(succeed("emergency", name, "--drill", "--by", "Anna", "--inventory", inventory))
        .startsWith(
            "DRILL Emergency: prod/" + name + " of lifetimecircle is exposed. The plan:\nDRILL 1. ")
        .contains("a drill, so these programs were not run: true; sh ./verify")
        .contains("verify left out: sh ./verify\n")
        .contains("; the time says nothing, because no program ran and no person was called. ")
        .doesNotContain(value("LTC_SECRET_KEY"));
    assertThat(terminal.outText().lines()).allMatch(line -> line.startsWith("DRILL "));
    assertThat(store.calls(FakeStore.Op.PUT)).isEqualTo(writes);
    assertThat(store.calls(FakeStore.Op.FETCH)).isEqualTo(reads + 1);
    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(folder.resolve("secrets-rotations")).doesNotExist();
    assertThat(postMortems()).singleElement().asString().endsWith("-" + name + "-drill.md");
    assertThat(postMortems().get(0))
        .content()
        .contains("kind=drill")
        .contains("**This was a drill on a scratch store.")
        .contains("by Anna |")
        .contains("- [ ] How was it exposed")
        .contains("secrets scan --git .")
        .contains("secrets audit LOG")
        .contains("- [ ] What prevents it next time?");
  }

  /** A drill replaces on its scratch store what a real emergency could not. */
  @Test
  void aDrillWithoutApplySaysWhatARealEmergencyWouldLeave() throws IOException {
    Path file = Path.of(inventory);
    Files.writeString(file, Files.readString(file).replaceAll("(?m)^      apply: .*\\R", ""));
    assertThat(succeed("emergency", "DB_ADMIN_PW", "--drill", "--inventory", inventory))
        .contains("DRILL    In a real emergency NOT prod/DB_ADMIN_PW: it opens the database of")
        .contains("prod/DB_ADMIN_PW: version 1 replaced by 2")
        .doesNotContain("It stays unchanged");
    assertThat(postMortems().get(0)).content().contains("| In a real emergency NOT ");
  }

  @Test
  void asksBeforeItBeginsAndTakesNoForAnAnswer() {
    String before = value("LTC_SECRET_KEY");
    int code =
        runWith(
            new FakeTerminal().person("n"),
            "emergency",
            "LTC_SECRET_KEY",
            "--inventory",
            inventory);
    assertThat(code).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.outText()).contains("1. Rotate now");
    assertThat(terminal.errText()).contains("Do it now? [y/N]").contains("Nothing was done");
    assertThat(run("emergency", "LTC_SECRET_KEY", "--inventory", inventory))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("Add --yes");
    assertThat(value("LTC_SECRET_KEY")).isEqualTo(before);
  }

  @Test
  void aFailingHookIsAnExitCodeOfItsOwnAndTheSameCommandGoesOn() throws IOException {
    String before = value("LTC_SECRET_KEY");
    Files.writeString(folder.resolve("verify"), "echo the health check says no; exit 4\n");
    int code = run("emergency", "LTC_SECRET_KEY", "--yes", "--inventory", inventory);
    assertThat(code).isEqualTo(ExitCode.STOPPED.code());
    assertThat(terminal.errText())
        .hasLineCount(1)
        .contains("its step verify failed: the hook ended with 4; it said: the health check says")
        .contains("the new value is in service")
        .contains("of the 30 minutes are left")
        .contains(
            "Fix it and run 'secrets emergency LTC_SECRET_KEY --inventory "
                + inventory
                + "' again");
    assertThat(value("LTC_SECRET_KEY")).isNotEqualTo(before);
    Files.writeString(folder.resolve("verify"), "exit 0\n");
    succeed("emergency", "LTC_SECRET_KEY", "--yes", "--json", "--inventory", inventory);
    assertThat(terminal.outText())
        .contains("\"outcome\":\"done\"")
        .contains("\"outcome\":\"failed\"")
        .contains("\"inTime\":true")
        .doesNotContain(before)
        .doesNotContain(value("LTC_SECRET_KEY"));
    assertThat(postMortems()).hasSize(1);
  }

  @Test
  void resumesAnEarlierOneOrRestarts() throws IOException {
    Files.writeString(folder.resolve("verify"), "exit 4\n");
    String[] line = {"emergency", "LTC_SECRET_KEY", "--yes", "--inventory", inventory, ""};
    line[5] = "--resume";
    assertThat(run(line)).isEqualTo(ExitCode.NOT_FOUND.code());
    line[5] = "--restart";
    assertThat(run(line)).isEqualTo(ExitCode.STOPPED.code());
    String rotated = value("LTC_SECRET_KEY");
    Files.writeString(folder.resolve("verify"), "exit 0\n");
    line[5] = "--resume";
    assertThat(run(line)).as(terminal.errText()).isZero();
    assertThat(value("LTC_SECRET_KEY")).isEqualTo(rotated);
    fail(ExitCode.USAGE, "emergency", "LTC_SECRET_KEY", "--restart", "--resume");
    fail(ExitCode.USAGE, "emergency", "LTC_SECRET_KEY", "--restart", "--drill");
  }

  /** The nightly job and a person alike, whose rotation would give the old value its grace. */
  @Test
  void aRotationSaysWhoRunsTheEmergencyThatHasReservedTheName() throws IOException {
    use(FakeStore.create().clock(() -> Instant.parse("2020-01-01T00:00:00Z")));
    fill();
    String before = value("LTC_SECRET_KEY");
    String reason =
        "Cannot rotate secret 'prod/LTC_SECRET_KEY': an emergency has reserved it and is replacing"
            + " its value now (anna). Wait until that person has ended it";
    try (NameLocks held =
        NameLocks.ofEmergency(
            Inventory.read(Path.of(inventory)),
            "",
            folder.resolve("secrets-rotations"),
            "anna",
            List.of("LTC_SECRET_KEY"))) {
      assertThat(held).isNotNull();
      assertThat(fail(ExitCode.CONFLICT, "rotate", "LTC_SECRET_KEY", "--inventory", inventory))
          .contains(reason);
      assertThat(run("rotate", "due", "--inventory", inventory))
          .isEqualTo(ExitCode.CONFLICT.code());
      assertThat(terminal.errText()).contains(reason);
      assertThat(terminal.outText()).as("the others are due too").contains("prod/DB_ADMIN_PW");
      assertThat(value("LTC_SECRET_KEY")).isEqualTo(before);
    }
    assertThat(run("rotate", "due", "--inventory", inventory)).as(terminal.errText()).isZero();
    assertThat(value("LTC_SECRET_KEY")).isNotEqualTo(before);
  }

  /** In a rotation, and in a step of the emergency's own. */
  @Test
  void aPersonSeesTheHookThatRuns() throws IOException {
    Files.writeString(folder.resolve("wait"), FakeTerminal.hookThatWaitsToBeSeen() + "\n");
    Files.writeString(
        Path.of(inventory),
        Files.readString(Path.of(inventory))
            .replaceAll("(?m)^  (deploy|invalidate-sessions): .*$", "  $1: [sh, ./wait]"));
    FakeTerminal watched = FakeTerminal.seeing(folder);
    String[] line = {"emergency", "LTC_SECRET_KEY", "--yes", "--inventory", inventory};
    assertThat(runWith(watched, line)).as(terminal.errText()).isZero();
    for (String hook : List.of("deploy", "invalidate-sessions")) {
      assertThat(watched.progress)
          .anySatisfy(
              shown ->
                  assertThat(shown)
                      .startsWith("secrets: hook " + hook + ": ")
                      .endsWith("; it printed last: 1 of 2"));
    }
  }

  /** As with {@code | true}: the exposed value is replaced, and a failure keeps its exit code. */
  @Test
  void runsWithoutAReaderOfItsOutput() throws IOException {
    String before = value("LTC_SECRET_KEY");
    Files.writeString(folder.resolve("verify"), "exit 4\n");
    String[] line = {"emergency", "LTC_SECRET_KEY", "--yes", "--inventory", inventory};
    assertThat(runWith(new FakeTerminal().rejecting("Broken pipe"), line))
        .isEqualTo(ExitCode.STOPPED.code());
    assertThat(value("LTC_SECRET_KEY")).isNotEqualTo(before);
    Files.writeString(folder.resolve("verify"), "exit 0\n");
    assertThat(runWith(new FakeTerminal().rejecting("Broken pipe"), line))
        .isEqualTo(ExitCode.READER_GONE.code());
    assertThat(postMortems()).isNotEmpty();
  }

  @Test
  void writesTheRunbookAnewInItsLanguage() throws IOException {
    succeed("runbook", "--lang", "de", "--inventory", inventory);
    succeed("emergency", "DB_ADMIN_PW", "--yes", "--lang", "de", "--inventory", inventory);
    assertThat(terminal.outText())
        .contains("Notfall: prod/DB_ADMIN_PW")
        .contains("Sofort rotieren");
    assertThat(postMortems().get(0)).content().contains("## Zeitlicher Ablauf");
    succeed("check", "--inventory", inventory);
  }

  @Test
  void refusesWhatNobodyCanReplaceHere() {
    assertThat(fail(ExitCode.INVALID, "emergency", "prod/DB_HOTS", "--inventory", inventory))
        .contains("Did you mean 'prod/DB_HOST'?");
    fail(ExitCode.USAGE, "emergency", "DB_HOST", "--hook-timeout", "0s", "--inventory", inventory);
    fail(
        ExitCode.USAGE,
        "emergency",
        "DB_ADMIN_PW",
        "--known-minutes-ago",
        "-1",
        "--inventory",
        inventory);
  }
}
