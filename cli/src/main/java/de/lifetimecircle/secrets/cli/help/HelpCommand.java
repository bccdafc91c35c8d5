package de.lifetimecircle.secrets.cli.help;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.spi.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the help of a command, or a screen about a topic. */
@Command(
    name = "help",
    description = {
      "Show the help of a command, or one screen about a topic: every-day, inventory, operations or"
          + " emergency."
    },
    sortOptions = false)
public final class HelpCommand extends SessionCommand implements Runnable {
  private final Supplier<CommandLine> root;
  private final List<ListedCommand> listed;

  /**
   * Creates the command for one call of the program.
   *
   * @param root makes the root with all commands
   * @param listed the commands that the topics show
   */
  public HelpCommand(Supplier<CommandLine> root, List<ListedCommand> listed) {
    this.root = root;
    this.listed = listed;
  }

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..2",
      description = "A command, such as put or 'rotate due', or a topic. Default: all commands.")
  List<String> words = new ArrayList<>();

  @Override
  public void run() {
    String screen = words.size() == 1 ? HelpScreen.topic(words.get(0), listed) : "";
    if (screen.isEmpty()) {
      CommandLine shown = root.get().setUsageHelpWidth(session.helpWidth());
      for (String word : words) {
        CommandLine next = shown.getSubcommands().get(word);
        if (next == null) {
          throw unknown(word, shown);
        }
        shown = next;
      }
      screen = shown.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
    session.output().line(screen.stripTrailing());
  }

  /** The message has names of this program only: the argument may be a secret. */
  private static CommandFailure unknown(String word, CommandLine parent) {
    List<String> known = new ArrayList<>(parent.getSubcommands().keySet());
    if (parent.getParent() == null) {
      known.addAll(HelpGroup.words());
    }
    return CommandFailure.usage(
        "Cannot show help: there is no such command or topic (topics: "
            + String.join(", ", HelpGroup.words())
            + ")."
            + NearestName.of(word, known).map(name -> " Did you mean '" + name + "'?").orElse("")
            + " See 'secrets --help'.");
  }
}
