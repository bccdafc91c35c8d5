package de.lifetimecircle.secrets.cli.help;

import de.lifetimecircle.secrets.cli.console.SessionCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The word {@code help} behind a command with subcommands, which would otherwise be taken for the
 * name of a secret, as in {@code rotate help}.
 */
@Command(name = "help", hidden = true, description = "Show the help of this command.")
public final class SubcommandHelp extends SessionCommand implements Runnable {
  private final CommandLine parent;

  private SubcommandHelp(CommandLine parent) {
    this.parent = parent;
  }

  /** Adds the word to a command that has subcommands. */
  public static void addTo(CommandLine command) {
    if (!command.getSubcommands().isEmpty()) {
      command.addSubcommand("help", new SubcommandHelp(command));
    }
  }

  @Override
  public void run() {
    String help =
        parent.setUsageHelpWidth(session.helpWidth()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    session.output().line(help.stripTrailing());
  }
}
