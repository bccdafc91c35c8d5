package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Each option in a message exists: for the command that the message names, or else for the one that
 * wrote it. Every test that runs a command asks for this, so no advice is left out. Stateless.
 */
final class AdvisedOptions {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]*");

  /** A command in quotes, which may be another program's. */
  private static final Pattern QUOTED = Pattern.compile("'[a-z][\\w./-]* [^']+'|`[^`]+`");

  private AdvisedOptions() {}

  static void check(String[] args, String said) {
    if (!said.contains("--")) {
      return;
    }
    AdviceTest.commands(said).stream()
        .flatMap(each -> Stream.of(each.split(" \\| (?=secrets )", -1)))
        .forEach(each -> check(each.substring("secrets ".length()), each));
    String rest = AdviceTest.COMMAND.matcher(said).replaceAll(" ");
    check(String.join(" ", args), QUOTED.matcher(rest).replaceAll(" "));
  }

  private static void check(String command, String text) {
    named(command)
        .ifPresent(
            spec ->
                assertThat(
                        OPTION
                            .matcher(text)
                            .results()
                            .map(match -> match.group())
                            .filter(option -> spec.findOption(option) == null)
                            .distinct())
                    .as("options that '%s' lacks, in: %s", spec.qualifiedName(), text)
                    .isEmpty());
  }

  /** Returns how the parser reads the command of a line; empty if it is another module's. */
  private static Optional<CommandSpec> named(String line) {
    CommandSession session = new CommandSession(new FakeTerminal(), Map.of());
    List<String> words = List.of(line.split(" ", -1));
    Optional<CommandSpec> spec = Optional.empty();
    for (String word : words) {
      Optional<CommandSpec> next =
          spec.isEmpty()
              ? CommandTable.spec(session, word)
              : spec.map(outer -> outer.subcommands().get(word)).map(each -> each.getCommandSpec());
      spec = next.isPresent() ? next : spec;
    }
    return spec;
  }
}
