package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings a deleted secret back. */
@Command(name = "restore", description = "Bring a deleted secret back with all its versions.")
public final class RestoreCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public RestoreCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Override
  public void run() {
    try (SecretWriter writer = session.openWriter()) {
      writer.restore(name);
      session.done("Restored", name, "restored");
    }
  }
}
