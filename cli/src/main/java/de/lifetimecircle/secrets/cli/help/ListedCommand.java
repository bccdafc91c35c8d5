package de.lifetimecircle.secrets.cli.help;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * A command as the help and the manual show it. Immutable.
 *
 * @param name its name
 * @param group its place in the list of commands
 * @param examples command lines; the first one is of the command itself, the others are of its
 *     subcommands
 */
public record ListedCommand(String name, HelpGroup group, List<String> examples) {
  /**
   * Checks that the help can show it.
   *
   * @throws IllegalArgumentException if it has no example of itself and is not hidden
   */
  public ListedCommand {
    examples = List.copyOf(examples);
    if (group != HelpGroup.HIDDEN
        && (examples.isEmpty() || !examples.get(0).contains("secrets " + name))) {
      throw new IllegalArgumentException(
          name + ": no example of it (expected: secrets " + name + ")");
    }
  }

  /** Puts the examples below the help of the command and of its subcommands. */
  public void addExamplesTo(CommandLine command) {
    if (!examples.isEmpty()) {
      show(examples.get(0), command.getCommandSpec());
    }
    command
        .getSubcommands()
        .forEach(
            (sub, line) ->
                examples.stream()
                    .filter(each -> (each + " ").startsWith("secrets " + name + " " + sub + " "))
                    .findFirst()
                    .ifPresent(each -> show(each, line.getCommandSpec())));
  }

  private static void show(String example, CommandSpec spec) {
    spec.usageMessage().footer("", "Example:", "  " + example);
    // In one line at every width, because it is there to be pasted.
    spec.usageMessage()
        .sectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help -> String.join("\n", help.commandSpec().usageMessage().footer()) + "\n");
  }
}
