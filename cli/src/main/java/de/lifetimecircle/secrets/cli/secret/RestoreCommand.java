package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings a deleted secret back. */
@Command(name = "restore", description = "Bring a deleted secret back with all its versions.")
public final class RestoreCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public RestoreCommand(CommandSession session) {
    this.session = session;
  }

  @Mixin SecretArgument secret = new SecretArgument();

  @Override
  public void run() {
    String name = secret.stored(session);
    try (SecretWriter writer = session.openWriter()) {
      writer.restore(name);
      session.done("Restored", name, "restored");
    }
  }
}
