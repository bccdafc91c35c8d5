package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a script that lets a shell complete the command line. */
@Command(
    name = "completion",
    description = {
      "Print a script that lets a shell complete commands and options.",
      "Use it with: source <(secrets completion bash)"
    })
final class CompletionCommand implements Runnable {
  private final CommandSession session;

  CompletionCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "SHELL", description = "The shell: bash or zsh.")
  String shell = "";

  @Override
  public void run() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw CommandFailure.usage(
          "Cannot write a completion script for that shell (expected: bash or zsh).");
    }
    CommandLine commandLine = new CommandLine(new SecretsCommand(session));
    CommandTable.addAllTo(commandLine, session);
    // One script for both shells: in zsh it loads zsh's emulation of bash first.
    session.output().line(AutoComplete.bash("secrets", commandLine));
  }
}
