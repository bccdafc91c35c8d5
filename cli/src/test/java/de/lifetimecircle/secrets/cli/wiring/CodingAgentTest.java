package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a coding agent captures from each command that prints a value. */
class CodingAgentTest extends CommandTest {
  private static final String MARKERS =
      "AI_AGENT=1 CLAUDECODE=1 CURSOR_AGENT=1 CODEX_SANDBOX=seatbelt CODEX_THREAD_ID=0199-a"
          + " GEMINI_CLI=1 COPILOT_AGENT=1 COPILOT_CLI=1 OPENCODE=1 AUGMENT_AGENT=1 QWEN_CODE=1"
          + " AGENT=claude-code AGENT=Codex AGENT=opencode AGENT=amp";

  @TempDir Path folder;

  @BeforeEach
  void storeAValue() {
    store.holding("prod/KEY", CANARY);
  }

  /** Otherwise the tests of commands that print a value fail for a coding agent that runs them. */
  @Test
  void theBuildHidesTheMarkersOfItsCallerFromTests() {
    assertThat(System.getenv().keySet())
        .doesNotContainAnyElementsOf(List.of(MARKERS.split("=[^ ]*( |$)", -1)));
  }

  private void mark(String marker) {
    String[] parts = marker.split("=", 2);
    environment.put(parts[0], parts[1]);
  }

  /** Every command that writes a value to standard output, or gives it to a program to show. */
  private List<String[]> printing() throws IOException {
    Path template = Files.writeString(folder.resolve("template"), "key={{ prod/KEY }}\n");
    List<String[]> commands = new ArrayList<>();
    commands.add(new String[] {"get", "prod/KEY"});
    commands.add(new String[] {"get", "prod/KEY", "--json"});
    commands.add(new String[] {"get", "--stage=current", "prod/KEY"});
    for (String format : List.of("dotenv", "json", "shell", "docker-env")) {
      commands.add(new String[] {"export", "--format", format, "--secret", "prod/KEY"});
    }
    commands.add(
        new String[] {
          "export", "--format", "kubernetes", "--name", "n", "--secret", "prod/KEY=KEY"
        });
    commands.add(new String[] {"template", template.toString()});
    commands.add(new String[] {"edit", "prod/KEY", "--editor", "cat", "--trust-editor"});
    return commands;
  }

  private static String[] with(String option, String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.add(option);
    return words.toArray(String[]::new);
  }

  private String captured() {
    return terminal.outText() + terminal.errText();
  }

  @Test
  void noMarkerLetsACommandPrintAValue() throws IOException {
    for (String marker : MARKERS.split(" ", -1)) {
      environment.remove("AGENT");
      mark(marker);
      for (String[] command : printing()) {
        String shown = marker + " " + String.join(" ", command);
        assertThat(run(command)).as(shown).isEqualTo(ExitCode.USAGE.code());
        assertThat(captured()).as(shown).doesNotContain(CANARY);
        assertThat(captured())
            .as(shown)
            .contains("to a coding agent (" + marker.split("=", 2)[0] + " is set)")
            .contains("--show")
            .contains("'secrets exec --secret ")
            .contains(" -- PROGRAM'");
      }
      environment.remove(marker.split("=", 2)[0]);
    }
    assertThat(store.calls()).isZero();
  }

  @Test
  void showPrintsItAllTheSame() throws IOException {
    mark("CLAUDECODE=1");
    for (String[] command : printing()) {
      if (!command[0].equals("edit")) { // whose editor prints to the terminal of this JVM
        assertThat(run(with("--show", command))).as(captured()).isZero();
        assertThat(terminal.outText()).containsAnyOf(CANARY, "YzRuNHJ5LVpx");
      }
    }
  }

  @Test
  void aFileIsWrittenAsBefore() throws IOException {
    mark("CLAUDECODE=1");
    Path file = folder.resolve("out");
    assertThat(
            run("export", "--format", "json", "--secret", "prod/KEY", "--output", file.toString()))
        .isZero();
    assertThat(captured()).doesNotContain(CANARY);
    assertThat(file).content().contains(CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AGENT=jenkins", "AGENT=", "CLAUDECODE=", "AGENT_NAME=claude", "SSH_AGENT_PID=7"})
  void anotherVariableIsNoMarker(String variable) {
    mark(variable);
    assertThat(succeed("get", "prod/KEY")).isEqualTo(CANARY);
  }

  @Test
  void theSettingAddsMarkersOrSwitchesOff() {
    mark("SECRETS_CODING_AGENTS=OUR_BOT, OTHER_BOT");
    assertThat(succeed("get", "prod/KEY")).isEqualTo(CANARY);
    mark("OTHER_BOT=yes");
    assertThat(fail(ExitCode.USAGE, "get", "prod/KEY")).contains("OTHER_BOT is set");
    mark("CLAUDECODE=1");
    mark("SECRETS_CODING_AGENTS=off");
    assertThat(succeed("get", "prod/KEY")).isEqualTo(CANARY);
  }

  @Test
  void onATerminalTheRuleOfTerminalsHolds() {
    mark("CLAUDECODE=1");
    FakeTerminal person = new FakeTerminal();
    person.outputIsTerminal = true;
    assertThat(runWith(person, "get", "prod/KEY")).isEqualTo(ExitCode.USAGE.code());
    assertThat(captured()).contains("on a terminal without --show").doesNotContain(CANARY);
  }

  /** A terminal of its own, such as that of tmux, an agent reads too; no other rule holds there. */
  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true"})
  void onATerminalEditRefusesAllTheSame(boolean output, boolean error) {
    mark("CLAUDECODE=1");
    FakeTerminal person = new FakeTerminal().person();
    person.outputIsTerminal = output;
    person.errorIsTerminal = error;
    String[] edit = {"edit", "prod/KEY", "--editor", "true", "--trust-editor"};
    assertThat(runWith(person, edit)).as(captured()).isEqualTo(ExitCode.USAGE.code());
    assertThat(captured())
        .contains("to a coding agent (CLAUDECODE is set) without --show")
        .doesNotContain(CANARY);
    assertThat(store.calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"CLAUDECODE", "CODEX_THREAD_ID", "GEMINI_CLI"})
  void execHidesWhatItsProgramPrints(String marker) {
    mark(marker + "=1");
    String print = "echo out=$KEY.; echo err=$KEY. >&2; printf %s \"$KEY\" | base64";
    assertThat(run("exec", "--secret", "prod/KEY", "--", "sh", "-c", print)).isZero();
    assertThat(terminal.outText()).isEqualTo("out=[secret prod/KEY].\n[secret prod/KEY]==\n");
    assertThat(terminal.errText()).isEqualTo("err=[secret prod/KEY].\n");
  }

  /** A NUL does not make it binary. */
  @Test
  void execHidesValuesInTextThatNulsSeparate() {
    mark("CLAUDECODE=1");
    assertThat(run("exec", "--secret", "prod/KEY", "--", "env", "-0")).isZero();
    assertThat(terminal.outText())
        .contains("PATH=", "KEY=[secret prod/KEY]\0")
        .doesNotContain(CANARY);
    String print = "printf 'a\\0%s\\0' \"$KEY\"; printf 'b\\0%s' \"$KEY\" >&2";
    assertThat(run("exec", "--secret", "prod/KEY", "--", "sh", "-c", print)).isZero();
    assertThat(terminal.outText()).isEqualTo("a\0[secret prod/KEY]\0");
    assertThat(terminal.errText()).isEqualTo("b\0[secret prod/KEY]");
  }

  @Test
  void execHidesValuesOfFilesAndOfStandardInput() {
    mark("CURSOR_AGENT=1");
    assertThat(run("exec", "--file", "prod/KEY=F", "--", "sh", "-c", "cat \"$F\"")).isZero();
    assertThat(terminal.outText()).isEqualTo("[secret prod/KEY]");
    assertThat(run("exec", "--stdin", "prod/KEY", "--", "cat")).isZero();
    assertThat(terminal.outText()).isEqualTo("[secret prod/KEY]");
  }

  @Test
  void execHidesValuesOfAWatchedProgram() {
    mark("OPENCODE=1");
    environment.put("PATH", System.getenv("PATH"));
    String print = "echo out=$KEY.; echo err=$KEY. >&2; exit 3";
    assertThat(run("exec", "--watch", "hup", "--secret", "prod/KEY", "--", "sh", "-c", print))
        .isEqualTo(3);
    assertThat(terminal.outText()).isEqualTo("out=[secret KEY].\n");
    assertThat(terminal.errText()).contains("err=[secret KEY].\n").doesNotContain(CANARY);
  }

  @Test
  void binaryOutputAndTheExitCodeOfExecStayExact() {
    mark("CLAUDECODE=1");
    String print = "printf 'x\\0\\377'; head -c 100000 /dev/zero; printf %s \"$KEY\"; exit 7";
    assertThat(run("exec", "--secret", "prod/KEY", "--", "sh", "-c", print)).isEqualTo(7);
    byte[] out = terminal.outBytes.toByteArray();
    assertThat(out).hasSize(3 + 100_000 + CANARY.length()).startsWith('x', 0, 0xff);
    assertThat(terminal.errText()).isEmpty();
  }

  @Test
  void execShowsNoMasks() {
    mark("COPILOT_AGENT=1");
    environment.put("GITHUB_ACTIONS", "true");
    assertThat(run("exec", "--mask", "github", "--secret", "prod/KEY", "--", "true"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(captured()).contains("Cannot use --mask").doesNotContain(CANARY);
  }

  @Test
  void theAuditLogNamesTheActor() throws IOException {
    Path log = folder.resolve("audit.log");
    environment.put("SECRETS_AUDIT_LOG", log.toString());
    succeed("get", "prod/KEY");
    FakeTerminal person = new FakeTerminal();
    person.outputIsTerminal = true;
    assertThat(runWith(person, "get", "prod/KEY", "--show")).isZero();
    mark("CLAUDECODE=1");
    succeed("get", "prod/KEY", "--show");
    assertThat(Files.readAllLines(log))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"actor\":\"program\""),
            line -> assertThat(line).contains("\"actor\":\"person\""),
            line -> assertThat(line).contains("\"actor\":\"agent\""));
  }

  @Test
  void anInventoryDemandsAReasonOfAgentsAlone() throws IOException {
    Path inventory = folder.resolve("secrets.yaml");
    Files.writeString(
        inventory,
        """
        version: 1
        service: ltc
        owner: Sec
        environments: {prod: {prefix: prod/}}
        secrets:
          KEY: {description: a key}
        audit: {reason: agents}
        """);
    String[] exec = {"exec", "--inventory", inventory.toString(), "--secret", "KEY", "--", "true"};
    assertThat(run(exec)).as(captured()).isZero();
    mark("CLAUDECODE=1");
    assertThat(run(exec)).isEqualTo(ExitCode.USAGE.code());
    assertThat(captured()).contains("the inventory demands a reason").contains("--reason TEXT");
    environment.put("SECRETS_AUDIT_REASON", "ticket 4711");
    assertThat(run(exec)).as(captured()).isZero();
  }
}
