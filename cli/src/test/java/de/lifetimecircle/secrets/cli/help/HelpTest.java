package de.lifetimecircle.secrets.cli.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.cli.CommandTable;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest extends CommandTest {
  /** The constructor of a row rejects one without an example; the compiler, one without a group. */
  @Test
  void aCommandWithoutAnExampleOfItselfIsRejected() {
    HelpGroup group = HelpGroup.OPERATIONS;
    assertThatThrownBy(() -> new ListedCommand("new", group, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: secrets new");
    assertThatThrownBy(() -> new ListedCommand("new", group, List.of("secrets other")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(CommandTable.listed())
        .extracting(ListedCommand::name)
        .doesNotHaveDuplicates()
        .containsExactlyElementsOf(
            CommandTable.names().stream().filter(name -> !name.equals("warm-up")).toList());
  }

  /** An example must be a command line that the parser accepts, of a subcommand that exists. */
  @Test
  void everyExampleIsShownAndParses() {
    for (ListedCommand command : CommandTable.listed()) {
      for (String example : command.examples()) {
        String own = example.substring(example.indexOf("secrets ") + "secrets ".length());
        String[] asked = own.split(" ", -1);
        boolean isOfSubcommand = !example.equals(command.examples().get(0));
        String help =
            isOfSubcommand
                ? succeed(command.name(), asked[1], "--help")
                : succeed(command.name(), "--help");
        assertThat(help).contains("Example:\n  " + example);
        assertThat(help.lines().filter(line -> !line.equals("  " + example)))
            .as(own)
            .allMatch(line -> line.length() <= 80);
        List<String> words =
            new ArrayList<>(List.of(own.replaceAll(" [|>].*", "").replace("'", "").split(" ")));
        // An unknown option is the only mistake, so nothing runs, and the parser accepts the rest.
        words.add(1, "--no-such-option");
        assertThat(run(words.toArray(new String[0]))).as(own).isEqualTo(2);
        assertThat(terminal.errText()).as(own).doesNotContain("missing", "malformed", "twice");
      }
    }
  }

  @Test
  void theListHasHeadingsInTheOrderOfUse() {
    String help = succeed("--help");
    assertThat(help).containsSubsequence("Every day:", "Inventory:", "Operations:", "Emergency:");
    assertThat(help).containsSubsequence("Every day:", "get", "list, ls", "put");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    assertThat(succeed("help")).isEqualTo(help);
    assertThat(succeed("help", "put")).isEqualTo(succeed("put", "--help"));
    for (String added : List.of("agent", "decide")) {
      assertThat(succeed(added, "--help").lines()).allMatch(line -> line.length() <= 80);
    }
    assertThat(succeed("help", "rotate", "resume")).contains("Example:\n  secrets rotate resume");
  }

  @ParameterizedTest
  @CsvSource({
    // COLUMNS, what the terminal says, whether it is one, the width
    "'', 80, true, 80",
    "'', 97, true, 97",
    "64, 97, true, 64",
    "wide, 66, true, 66",
    "0, 66, true, 66",
    "'', , true, 80",
    "20, 97, true, 55",
    "500, , true, 120",
    "200, 200, false, 80",
  })
  void theHelpFitsTheTerminal(String columns, Integer told, boolean terminal, int width) {
    environment.put("COLUMNS", columns);
    FakeTerminal screen = new FakeTerminal();
    screen.outputIsTerminal = terminal;
    screen.columns = told == null ? OptionalInt.empty() : OptionalInt.of(told);
    assertThat(new CommandSession(screen, environment).helpWidth()).isEqualTo(width);
    assertThat(runWith(screen, "exec", "--help")).isZero();
    String text = screen.outText().replaceAll("\u001b\\[[0-9;]*m", "");
    assertThat(text.lines().mapToInt(String::length).max().orElse(0)).isBetween(width - 15, width);
  }

  @Test
  void anEmergencyIsOneScreen() {
    String screen = succeed("help", "emergency");
    assertThat(screen.lines().count()).isLessThanOrEqualTo(24);
    assertThat(screen.lines()).allMatch(line -> line.length() <= 80);
    assertThat(screen)
        .contains("secrets emergency NAME")
        .contains("--resume")
        .contains("secrets rotate rollback NAME")
        .contains("--drill");
    assertThat(succeed("help", "every-day")).contains("secrets get");
    assertThat(fail(ExitCode.USAGE, "help", CANARY)).contains("topics: every-day");
  }

  @ParameterizedTest
  @CsvSource({
    "emergncy, emergency",
    "rotat, rotate",
    "every-dai, every-day",
    "rotate resme, resume",
    "store bakup, backup",
  })
  void aMistypedTopicIsSuggested(String typed, String meant) {
    assertThat(fail(ExitCode.USAGE, ("help " + typed).split(" ", -1)))
        .contains("Did you mean '" + meant + "'?");
  }

  /** Without this, the backend is asked for a secret of the name help. */
  @ParameterizedTest
  @ValueSource(strings = {"rotate", "store", "recipients"})
  void helpBehindACommandWithSubcommandsIsItsHelp(String name) {
    String help = succeed(name, "--help");
    assertThat(succeed(name, "help")).isEqualTo(help);
    assertThat(help).doesNotContain("Show the help of this command.");
    assertThat(store.calls()).isZero();
  }
}
