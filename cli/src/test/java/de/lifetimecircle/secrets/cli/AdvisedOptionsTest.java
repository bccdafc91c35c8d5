package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Every command that takes an inventory, in the two mistakes about it that all of them share:
 * {@link AdvisedOptions} looks at each message. The commands come from the program itself.
 */
class AdvisedOptionsTest extends CommandTest {
  @TempDir Path folder;

  static Stream<String> commands() {
    List<String> all = new ArrayList<>();
    collect(CommandTable.whole(new CommandSession(new FakeTerminal(), Map.of())), "", all);
    assertThat(all).contains("diff", "fmt", "rotate resume").hasSizeGreaterThan(30);
    return all.stream();
  }

  private static void collect(CommandLine parent, String before, List<String> all) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              CommandSpec spec = command.getCommandSpec();
              if (spec.name().equals(name) && spec.findOption("--inventory") != null) {
                all.add(before + name);
              }
              collect(command, before + name + " ", all);
            });
  }

  /** Returns the words of a command whose arguments are right as far as the parser looks. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    CommandSpec spec =
        CommandTable.spec(new CommandSession(new FakeTerminal(), Map.of()), words.get(0))
            .orElseThrow();
    for (String inner : words.subList(1, words.size())) {
      spec = spec.subcommands().get(inner).getCommandSpec();
    }
    spec.positionalParameters().stream()
        .filter(each -> each.arity().min() > 0)
        .forEach(each -> words.add("X" + each.index().min()));
    return words;
  }

  private String advice(List<String> words, String... more) {
    List<String> line = new ArrayList<>(words);
    line.addAll(List.of(more));
    int unused = run(line.toArray(new String[0]));
    return terminal.errText();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theOptionsOfEveryAdviceAboutAnInventoryExist(String command) throws IOException {
    Path file = folder.resolve("secrets.yaml");
    List<String> words = words(command);
    boolean flag = command.equals("init"); // there, the option has another meaning
    if (!flag) {
      String unused = advice(words, "--inventory", file.toString());
    }
    Files.writeString(
        file,
        """
        version: 1
        service: ltc
        owner: security
        environments: {prod: {prefix: prod/}, test: {prefix: test/}}
        secrets:
          KEY: {description: key, generator: hex 32}
        """);
    if (command.equals("diff")) {
      assertThat(advice(words, "--inventory", file.toString())).contains("Use one of: prod, test.");
    }
    if (advice(words, "--help").isEmpty() && terminal.outText().contains("--environment")) {
      String unused = advice(words, "--inventory", file.toString(), "--environment", "none");
    }
  }

  @Test
  void theFileOfFmtIsAnOptionToo() {
    String file = folder.resolve("none.yaml").toString();
    assertThat(fail(ExitCode.INVALID, "fmt", file)).contains("Name it with --inventory");
    assertThat(fail(ExitCode.USAGE, "fmt", file, "--inventory", file)).contains("give one");
  }

  /** The check itself: without an option that is not there, nothing would show that it looks. */
  @Test
  void anAdviceWithoutAnOptionIsFound() {
    for (String said :
        List.of(
            "Give --environment with one of: prod.",
            "Run 'secrets diff a b --environment prod'.",
            "Copy it: secrets get A | secrets put B --show")) {
      assertThatThrownBy(() -> AdvisedOptions.check(new String[] {"diff", "a", "b"}, said))
          .as(said)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("lacks");
    }
    AdvisedOptions.check(new String[] {"get", "A"}, "Give --environment with one of: prod.");
  }

  @Test
  void optionsWithoutEffectAreGone() {
    for (String option : List.of("--by", "--hook-timeout")) {
      for (String command : List.of("due", "log")) {
        assertThat(fail(ExitCode.USAGE, command, option, "5m")).contains("no such option");
      }
    }
    assertThat(fail(ExitCode.USAGE, "log", "--environment", "prod")).contains("no such option");
  }
}
