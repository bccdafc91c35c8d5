package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTable;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.secret.GetCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ListResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class UsageTest extends CommandTest {
  @TempDir Path folder;

  @Test
  void aValueAsArgumentIsRefusedAndNotRepeated() {
    assertThat(fail(ExitCode.USAGE, "put", "X", CANARY))
        .contains("never taken from an argument")
        .contains("standard input")
        .doesNotContain(CANARY);
    assertThat(store.calls()).isZero();
  }

  /** Wherever a value is put by mistake, no error repeats it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "put X %s",
        "put X -%s",
        "put X --%s",
        "put X --value=%s",
        "put X --file F --%s=1",
        "put X @%s y",
        "get X %s",
        "get X --stage %s",
        "get X --field",
        "generate X --type %s",
        "generate X --bytes %s",
        "generate X --bytes=%s",
        "rotate X %s",
        "delete X %s",
        "list a %s",
        "versions X --%s",
        "completion %s",
        "recipients %s",
        "recipients add F %s",
        "store %s",
        "store backup F %s",
        "store repair --%s",
        "doctor %s",
        "init %s",
        "%s",
        "--%s",
        "--json=%s list",
        "--set %s list",
        "--set fake.token=%s list",
        "exec --secret X",
        "exec -%s -- true",
      })
  void noMistakeRepeatsAnArgument(String line) {
    assertThat(run(line.replace("%s", CANARY).split(" "))).isEqualTo(2);
    assertThat(terminal.errText()).startsWith("secrets: Cannot ").hasLineCount(1);
    assertThat(terminal.errText() + terminal.outText()).doesNotContain(CANARY);
    assertThat(run((line.replace("%s", CANARY) + " --debug").split(" "))).isEqualTo(2);
    assertThat(terminal.errText() + terminal.outText()).doesNotContain(CANARY);
  }

  /** The parser stops at the mistake, before it has seen the option. */
  @Test
  void aMistakeIsJsonIfTheProgramAskedForIt() {
    assertThat(run("get", "X", "--stage", CANARY, "--json")).isEqualTo(2);
    assertThat(terminal.outText() + terminal.errText())
        .contains("\"kind\":\"usage\"", "(expected: current, previous or pending)")
        .doesNotContain(CANARY);
    for (String end : List.of("--", "kubectl")) {
      assertThat(fail(ExitCode.USAGE, "exec", "--for", CANARY, end, "jq", "--json"))
          .startsWith("secrets: Cannot use --for (expected: service or ci)")
          .doesNotContain(CANARY);
    }
  }

  /** Hands know these words from other programs; a near spelling would be another command. */
  @ParameterizedTest
  @CsvSource({
    "set, put",
    "SET, put",
    "create, generate",
    "show, get",
    "cat, get",
    "env, exec",
    "remove, delete",
    "backup, store backup",
    "exce, exec",
    "satus, status",
    "emergncy, emergency",
    "rotat, rotate",
  })
  void namesTheCommandThatWasMeant(String typed, String meant) {
    assertThat(fail(ExitCode.USAGE, typed, "X"))
        .endsWith("command or option. Did you mean '" + meant + "'? See 'secrets --help'.\n");
  }

  @Test
  void aWordThatIsNearNothingGetsNoSuggestion() {
    assertThat(fail(ExitCode.USAGE, "zzzzqqqq")).doesNotContain("Did you mean");
  }

  @Test
  void namesTheNearestCommandAndOption() {
    assertThat(fail(ExitCode.USAGE, "generat", "X")).contains("Did you mean").contains("generate");
    assertThat(fail(ExitCode.USAGE, "generate", "X", "--byte", "3")).contains("--bytes");
    assertThat(fail(ExitCode.USAGE)).contains("secrets --help");
    assertThat(fail(ExitCode.USAGE, "put")).contains("NAME missing").contains("put --help");
  }

  @Test
  void aSecretBearingKeyIsNotTakenFromAnArgument() {
    assertThat(fail(ExitCode.USAGE, "--set", "fake.token=" + CANARY, "list"))
        .contains("fake.token")
        .contains("holds a secret")
        .doesNotContain(CANARY);
    assertThat(succeed("--set", "fake.region=a=b", "list")).isEmpty();
  }

  @Test
  void allMistakesOfTheConfigurationAreNamedAtOnce() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("secrets.properties"),
            "bakend=fake\nsoft-agee=5m\nfake.tokn=" + CANARY + "\n");
    int code = run("get", "X", "--config", file.toString());
    assertThat(code).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.outText()).isEmpty();
    assertThat(terminal.errText())
        .contains("3 mistakes")
        .contains("bakend")
        .contains("'backend'")
        .contains("soft-agee")
        .contains("'soft-age'")
        .contains("fake.tokn")
        .contains("'fake.token'")
        .doesNotContain(CANARY)
        .hasLineCount(4);
  }

  @Test
  void helpAndVersionAreResults() {
    String help = succeed("--help");
    assertThat(CommandTable.names()).filteredOn(n -> !n.equals("warm-up")).allMatch(help::contains);
    assertThat(help).doesNotContain("warm-up");
    assertThat(succeed("put", "--help")).contains("--trim-newline").contains("--config");
    assertThat(succeed("--version")).startsWith("secrets ").contains("Java");
    assertThat(succeed("recipients", "add", "--help")).contains("FILE");
  }

  @Test
  void commandOfAnotherModuleIsListedAndGetsItsArguments() {
    assertThat(succeed("--help"))
        .contains("decide ", "Write the report by which a team chooses a backend");
    assertThat(succeed("decide", "--help")).contains("Usage: secrets decide RESULT.json");
    assertThat(succeed("completion", "bash")).contains("decide");
    assertThat(fail(ExitCode.USAGE, "decide", "status"))
        .startsWith("secrets: Cannot read results from status: no such file.");
    assertThat(fail(ExitCode.USAGE, "--debug=false", "decide")).contains("write its name first");
    assertThat(fail(ExitCode.USAGE, "javac")).contains("there is no such command");
  }

  @Test
  void optionsOfAllCommandsStandBeforeAndAfterTheName() {
    store.holding("X", "1");
    assertThat(succeed("--json", "list")).isEqualTo(succeed("list", "--json"));
    assertThat(succeed("--backend", "fake", "list")).isEqualTo("X\n");
  }

  /** A translation needs no change of the commands: a bundle's texts win over the annotations'. */
  @Test
  void aBundleTranslatesTheHelp() {
    CommandLine get = new CommandLine(new GetCommand());
    assertThat(get.getUsageMessage()).contains("Write the value of a secret");
    get.setResourceBundle(
        new ListResourceBundle() {
          @Override
          protected Object[][] getContents() {
            return new Object[][] {
              {"get.usage.description", "Gibt den Wert eines Geheimnisses aus."},
              {"get.show", "Zeigt den Wert auf dem Terminal."}
            };
          }
        });
    assertThat(get.getUsageMessage())
        .contains("Gibt den Wert eines Geheimnisses aus.", "Zeigt den Wert auf dem Terminal.")
        .doesNotContain("Write the value of a secret");
  }
}
