package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command does whose reader has seen enough, as {@code head} has, or whose disk is full. */
class EndedOutputTest extends CommandTest {
  private static final String FULL = "No space left on device";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list",
        "list --json",
        "help operations",
        "rotate --help",
        "get app/key",
        "describe app/key",
        "schema",
        "decide --help",
      })
  void aReaderThatHasGoneEndsQuietly(String line) {
    store.holding("app/key", "value");
    int code = runWith(new FakeTerminal().rejecting("Broken pipe"), line.split(" ", -1));
    assertThat(terminal.errText()).isEmpty();
    assertThat(code).isEqualTo(ExitCode.READER_GONE.code()).isEqualTo(141);
    assertThat(runWith(new FakeTerminal().rejecting(FULL), line.split(" ", -1))).isEqualTo(1);
    assertThat(terminal.errText()).contains("the disk is full").hasLineCount(1);
  }

  /** Half of the work done is worse than nobody who reads about it. */
  @ParameterizedTest
  @ValueSource(strings = {"Broken pipe", FULL})
  void workInProgressGoesOnWithoutAReader(String failure) {
    int code =
        runWith(new FakeTerminal().rejecting(failure), "generate", "--plain", "a/one", "a/two");
    assertThat(code).isEqualTo(failure.equals(FULL) ? 1 : 141);
    assertThat(succeed("list")).isEqualTo("a/one\na/two\n");
  }

  @Test
  void aRealPipeAndARealTerminal() throws Exception {
    CliProcess process = CliProcess.in(folder);
    for (String line : List.of("secrets --help", "secrets schema")) {
      assertThat(process.run("", "sh", "-c", "{ " + line + "; echo $? >code; } | true").text())
          .isEmpty();
      assertThat(Files.readString(folder.resolve("code"))).isEqualTo("141\n");
    }
    CliProcess.Result full = process.run("", "sh", "-c", "secrets schema >/dev/full");
    assertThat(full.text()).contains("the disk is full").hasLineCount(1);
    assertThat(full.code()).isEqualTo(1);
    String narrow = "unset COLUMNS; stty cols 71; secrets exec --help </dev/null";
    String shown = process.run("", "script", "-qec", narrow, "/dev/null").text();
    int longest =
        shown.replaceAll("\u001b\\[[0-9;]*m", "").lines().mapToInt(String::length).max().orElse(0);
    assertThat(longest).isBetween(60, 71);
  }
}
