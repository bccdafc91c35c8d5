package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person at a pseudo-terminal who types before the program asks. */
class TypedAheadIT {
  private static final String CANARY = "c4n4ry-Typ3dAh3ad";
  private static final Path TYPIST = Path.of("src/test/resources/typist.py").toAbsolutePath();

  @TempDir static Path folder;
  private static Installation installed;

  @BeforeAll
  static void install() throws IOException {
    installed = Installation.shared(folder);
    Result init = installed.secrets("init");
    assertThat(init.code()).as(init.err()).isZero();
  }

  private static String play(List<String> steps, String... program) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("python3", TYPIST.toString(), String.join("\n", steps)));
    line.addAll(List.of(program));
    Result result = installed.run(line.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.text()).doesNotContain(CANARY);
    return result.text();
  }

  private static String value(String name) throws IOException {
    return installed.succeed("get", name);
  }

  /** As a whole line, as half of one, and as both; a name may be that of another command. */
  @ParameterizedTest
  @CsvSource({
    CANARY + "\\r, typed",
    CANARY + ", run",
    CANARY + "\\r" + CANARY + "\\r" + CANARY + ", exec"
  })
  void whatWasTypedBeforeThePromptIsNeitherShownNorTaken(String early, String name)
      throws IOException {
    String screen =
        play(
            List.of(
                "silent",
                "type " + early,
                "await Value of",
                "type taken-" + CANARY + "\\r",
                "await Again",
                "type taken-" + CANARY + "\\r",
                "end",
                "show"),
            installed.command(),
            "put",
            name);
    assertThat(screen).contains("ended 0").endsWith("echo on\n");
    assertThat(value(name)).isEqualTo("taken-" + CANARY);
  }

  @Test
  void aMistakeAtThePromptIsNoNews() throws IOException {
    String screen =
        play(
            List.of("await Value of", "type " + CANARY + "\\r", "await Again", "type x\\r", "end"),
            installed.command(),
            "put",
            "typed");
    assertThat(screen).contains("the two entries differ", "ended 2").endsWith("echo on\n");
  }

  /** Ctrl-C, and signals from elsewhere, before the prompt and at it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "silent, type \\x03, end, show",
        "await Value of, type \\x03, end, show",
        "await Value of, type a\\r, await Again, type \\x03, end, show",
        "silent, kill -9, end, show",
        "await Value of, kill -9, end, show",
        "silent, kill -15, end, show",
        "await Value of, kill -15, end, show",
        "await Value of, kill -1, end, show"
      })
  void theTerminalShowsAgainWhatIsTyped(String steps) throws IOException {
    String screen = play(List.of(steps.split(", ")), installed.command(), "put", "interrupted");
    assertThat(screen).containsPattern("ended (129|130|143|-2|-9|-15)\n").endsWith("echo on\n");
  }

  /** A shell with jobs: stopped at the prompt, the shell shows what is typed; then it goes on. */
  @Test
  void aStoppedCommandGoesOnWithoutEcho() throws IOException {
    String screen =
        play(
            List.of(
                "await ready$",
                "type " + installed.command() + " put stopped\\r",
                "await Value of",
                "type \\x1a",
                "await ready$",
                "type fg\\r",
                "silent",
                "type " + CANARY + "\\r",
                "await Again",
                "type " + CANARY + "\\r",
                "await ready$",
                "show",
                "type exit 7\\r",
                "end"),
            "env",
            "PS1=ready$ ",
            "sh",
            "-i");
    assertThat(screen).contains("ended 7").endsWith("echo on\n");
    assertThat(value("stopped")).isEqualTo(CANARY);
  }

  /** Other commands leave the terminal alone. */
  @Test
  void aCommandThatAsksForNoSecretChangesNothing() throws IOException {
    assertThat(play(List.of("type seen", "await seen", "end"), installed.command(), "list"))
        .contains("seen")
        .endsWith("echo on\n");
  }

  @Test
  void importsFromATerminalWithoutShowingIt() throws IOException {
    String screen =
        play(
            List.of("await Ctrl-D", "type IMPORTED=" + CANARY + "\\r", "type \\x04", "end", "show"),
            installed.command(),
            "import",
            "-",
            "--format",
            "dotenv");
    assertThat(screen).contains("ended 0").endsWith("echo on\n");
    assertThat(value("IMPORTED")).isEqualTo(CANARY);
  }
}
