package de.lifetimecircle.secrets.cli.help;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTable;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTest extends CommandTest {
  private static final List<String> SHOWN =
      CommandTable.NAMES.stream().filter(name -> !name.equals("warm-up")).toList();

  @Test
  void everyCommandIsInOneGroupAndHasAnExampleOfItself() {
    List<String> grouped = new ArrayList<>();
    for (HelpGroup group : HelpGroup.values()) {
      grouped.addAll(group.commands());
    }
    assertThat(grouped).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(SHOWN);
    for (String name : SHOWN) {
      assertThat(CommandExamples.of(name)).contains("secrets " + name);
    }
  }

  /** An example must be a command line that the parser accepts. */
  @Test
  void everyExampleIsShownAndParses() {
    for (String name : SHOWN) {
      String example = CommandExamples.of(name);
      assertThat(succeed(name, "--help")).contains("Example:\n  " + example);
      String own = example.substring(example.indexOf("secrets ") + "secrets ".length());
      List<String> words =
          new ArrayList<>(List.of(own.replaceAll(" [|>].*", "").replace("'", "").split(" ")));
      // An unknown option is the only mistake, so nothing runs, and the parser accepts the rest.
      words.add(1, "--no-such-option");
      assertThat(run(words.toArray(new String[0]))).as(own).isEqualTo(2);
      assertThat(terminal.errText()).as(own).doesNotContain("missing", "malformed", "twice");
    }
  }

  @Test
  void theListHasHeadingsInTheOrderOfUse() {
    String help = succeed("--help");
    assertThat(help).containsSubsequence("Every day:", "Inventory:", "Operations:", "Emergency:");
    assertThat(help).containsSubsequence("Every day:", "get", "list, ls", "put");
    assertThat(succeed("help")).isEqualTo(help);
    assertThat(succeed("help", "put")).isEqualTo(succeed("put", "--help"));
    assertThat(succeed("help", "rotate", "resume")).contains("Example:\n  secrets rotate resume");
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
}
