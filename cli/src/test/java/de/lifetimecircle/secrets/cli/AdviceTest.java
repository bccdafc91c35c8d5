package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pastes every command that a message advises, in the state in which the message is given: an
 * inventory with two environments, in another folder than the current one. A command that is
 * refused there is wrong advice.
 */
class AdviceTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      hooks:
        apply: [sh, -c, "cat > /dev/null; exit $(cat apply-ends)"]
        test: [sh, -c, "cat > /dev/null; exit $(cat test-ends)"]
        verify: [sh, -c, "cat > /dev/null; exit $(cat verify-ends)"]
        retire: [sh, -c, "cat > /dev/null; exit $(cat retire-ends)"]
      secrets:
        KEY: {description: key, generator: hex 32, rotation: {every: 3 months, grace: 2 hours}}
        HOST: {description: host, rotation: {every: 1 year}}
        URL: {description: url, template: "https://{HOST}/{KEY}"}
      """;
  private static final Pattern COMMAND = Pattern.compile("'(secrets [^']+)'");

  /** Codes of a command that was not accepted. */
  private static final Set<Integer> REFUSED =
      Set.of(
          ExitCode.USAGE.code(),
          ExitCode.CONFLICT.code(),
          ExitCode.INVALID.code(),
          ExitCode.NOT_FOUND.code(),
          ExitCode.INTERNAL.code());

  @TempDir Path folder;

  /** A state, by the commands that lead to it; the last one gives the advice. */
  record Scene(String title, int commands, List<String> lines) {
    static Scene of(String title, int commands, String... lines) {
      return new Scene(title, commands, List.of(lines));
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Scene> scenes() {
    return Stream.of(rotations(), stores(), emergencies()).flatMap(each -> each);
  }

  private static Stream<Scene> rotations() {
    return Stream.of(
        Scene.of("verify fails", 2, "verify=1", "rotate KEY"),
        Scene.of("verify failed, again", 2, "verify=1", "rotate KEY", "rotate KEY"),
        Scene.of("verify failed, abandon", 2, "verify=1", "rotate KEY", "rotate abandon KEY"),
        Scene.of("verify failed, retire", 2, "verify=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("test fails", 2, "test=1", "rotate KEY"),
        Scene.of("test failed, again", 2, "test=1", "rotate KEY", "rotate KEY"),
        Scene.of("test failed, rollback", 2, "test=1", "rotate KEY", "rotate rollback KEY"),
        Scene.of("test failed, retire", 2, "test=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("apply fails", 2, "apply=1", "rotate KEY"),
        Scene.of("waits, again", 2, "rotate KEY", "rotate KEY"),
        Scene.of("waits, abandon", 2, "rotate KEY", "rotate abandon KEY"),
        Scene.of("retire fails", 1, "retire=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("back fails", 1, "rotate KEY", "verify=1", "rotate rollback KEY"),
        Scene.of("back, again", 1, "rotate KEY", "test=1", "rotate rollback KEY", "rotate KEY"),
        Scene.of(
            "back, abandon",
            1,
            "rotate KEY",
            "test=1",
            "rotate rollback KEY",
            "rotate abandon KEY"),
        Scene.of(
            "back, retire", 1, "rotate KEY", "test=1", "rotate rollback KEY", "rotate retire KEY"),
        Scene.of(
            "somebody else", 1, "test=1", "rotate KEY", "test=0", "other", "rotate resume KEY"),
        Scene.of("nothing open", 1, "rotate resume KEY"));
  }

  private static Stream<Scene> stores() {
    return Stream.of(
        Scene.of("no generator", 1, "rotate HOST"),
        Scene.of("a template is set", 1, "put URL --trim-newline"),
        Scene.of("a template by hand", 1, "delete prod/HOST", "generate HOST --force"),
        Scene.of("check, brought one missing", 1, "delete prod/HOST", "check"),
        Scene.of("check, made one missing", 1, "delete prod/URL", "check"),
        Scene.of("check, template out of date", 1, "put HOST --trim-newline", "check"),
        Scene.of("generate, one missing", 2, "delete prod/HOST", "generate --all"));
  }

  private static Stream<Scene> emergencies() {
    return Stream.of(
        Scene.of("damaged journal", 1, "test=1", "rotate KEY", "damage", "rotate resume KEY"),
        Scene.of("nothing to resume", 1, "emergency KEY --resume"),
        Scene.of("words too early", 1, "emergency KEY --by-hand seen"),
        Scene.of("verify fails at night", 1, "verify=1", "emergency KEY"),
        Scene.of("unfinished for years", 2, "verify=1", "emergency KEY", "age", "emergency KEY"),
        Scene.of("damaged emergency", 1, "verify=1", "emergency KEY", "damage", "emergency KEY"));
  }

  private void begin() {
    try {
      Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
      for (String step : List.of("apply", "test", "verify", "retire")) {
        ends(step, "0");
      }
      Path journals = folder.resolve("secrets-rotations");
      if (Files.exists(journals)) {
        try (Stream<Path> files = Files.list(journals)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String key = "0123456789abcdef".repeat(4);
    use(
        FakeStore.create()
            .holding("prod/KEY", key)
            .holding("prod/HOST", "old.example")
            .holding("prod/URL", "https://old.example/" + key));
  }

  private void ends(String step, String code) {
    try {
      Files.writeString(folder.resolve(step + "-ends"), code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does what a line says; returns what the program printed. */
  private String act(String line) {
    if (line.contains("=")) {
      ends(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      return "";
    }
    if (line.equals("other")) {
      store.holding("prod/KEY", "f".repeat(64));
      return "";
    }
    if (line.equals("damage")) {
      edit(text -> text.substring(1));
      return "";
    }
    if (line.equals("age")) {
      edit(text -> text.replaceFirst("\"began\":\"\\d{4}", "\"began\":\"2020"));
      return "";
    }
    if (line.startsWith("delete ")) {
      store.losing(line.substring("delete ".length()));
      return "";
    }
    int unused =
        paste(
            "secrets "
                + line
                + " --environment prod --inventory "
                + folder.resolve("secrets.yaml"));
    return terminal.outText() + terminal.errText();
  }

  /** Edits the journals, in which only a program knows its way. */
  private void edit(UnaryOperator<String> change) {
    try (Stream<Path> files = Files.list(folder.resolve("secrets-rotations"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        Files.writeString(file, change.apply(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command as a shell does, with what the advice uses of a shell. */
  private int paste(String command) {
    String line = command.replaceFirst("^mkdir -p \\S+ && ", "").replaceFirst(" > \\S+$", "");
    String[] words = line.replace("\"$(id -un)\"", "anna").split(" ", -1);
    List<String> args = new ArrayList<>(List.of(words).subList(1, words.length));
    FakeTerminal terminalHere =
        args.get(0).equals("emergency")
            ? new FakeTerminal().person("y")
            : new FakeTerminal().input(utf8("new.example"));
    return runWith(terminalHere, args.toArray(new String[0]));
  }

  /** Each in the state in which the checklist shows it: nothing is there yet. */
  @Test
  void everyCommandOfTheChecklistIsAccepted() {
    begin();
    List<String> commands =
        act("status").lines().map(String::strip).filter(line -> line.startsWith("$ ")).toList();
    assertThat(commands).hasSizeGreaterThan(8).anyMatch(line -> line.contains("--claim"));
    for (String command : commands) {
      begin();
      if (command.startsWith("$ $EDITOR ")) {
        assertThat(Path.of(command.substring("$ $EDITOR ".length()))).exists();
        continue;
      }
      int code = paste(command.substring(2));
      assertThat(REFUSED)
          .as("%s%n%s%s", command, terminal.outText(), terminal.errText())
          .doesNotContain(code);
    }
  }

  private String advice(Scene scene) {
    begin();
    String said = "";
    for (String line : scene.lines()) {
      said = act(line);
    }
    return said;
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void everyAdvisedCommandIsAccepted(Scene scene) {
    String said = advice(scene);
    List<String> commands = new ArrayList<>();
    Matcher matcher = COMMAND.matcher(said);
    while (matcher.find()) {
      commands.add(matcher.group(1));
    }
    assertThat(commands).as(said).hasSize(scene.commands());
    for (String command : commands) {
      String unused = advice(scene); // the state again, which the command before has changed
      int code = paste(command);
      assertThat(REFUSED)
          .as("%s after %s%n%s%s", command, said, terminal.outText(), terminal.errText())
          .doesNotContain(code);
    }
  }
}
