package de.lifetimecircle.secrets.cli.console;

import picocli.CommandLine;

/**
 * A command of this program. It has the session of its call from {@link #give} on, as it has its
 * options from the parser: after its construction, and before it runs.
 */
public abstract class SessionCommand {
  /** The streams, the environment and the common options of this call. */
  @SuppressWarnings("NullAway.Init")
  protected CommandSession session;

  /** Gives a command and its subcommands their session. */
  public static void give(CommandLine line, CommandSession session) {
    Object command = line.getCommand();
    if (command instanceof SessionCommand each) {
      each.session = session;
    }
    line.getSubcommands().values().forEach(sub -> give(sub, session));
  }
}
