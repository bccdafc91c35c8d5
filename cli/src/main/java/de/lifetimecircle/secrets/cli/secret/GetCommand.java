package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the value of a secret. */
@Command(
    name = "get",
    description = "Write the value of a secret, byte by byte, to a pipe or a file.",
    sortOptions = false)
public final class GetCommand implements Runnable {
  private final CommandSession session;

  @Mixin GetRequest request = new GetRequest();

  /** Creates the command for one call of the program. */
  public GetCommand(CommandSession session) {
    this.session = session;
  }

  @Override
  public void run() {
    request.run(session);
  }
}
