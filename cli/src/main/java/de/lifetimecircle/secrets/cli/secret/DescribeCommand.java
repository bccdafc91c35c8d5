package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what the backend knows about a secret. */
@Command(
    name = "describe",
    description = "Show what the backend knows about a secret besides its value.")
public final class DescribeCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public DescribeCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Override
  public void run() {
    try (SecretProvider provider = session.openProvider()) {
      session.output().facts(provider.describe(name));
    }
  }
}
