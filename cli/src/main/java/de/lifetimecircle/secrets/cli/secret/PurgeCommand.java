package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a deleted secret for good. */
@Command(name = "purge", description = "Remove a deleted secret for good; nothing can restore it.")
public final class PurgeCommand extends SessionCommand implements Runnable {
  @Mixin SecretRemoval removal = new SecretRemoval();

  @Override
  public void run() {
    String name = removal.name.storedForRemoval(session);
    try (SecretWriter writer = session.openWriter()) {
      removal.requireNoRotation("purge secret", session, writer, name);
      removal.confirm(session, "Remove '" + name + "' for good?");
      writer.purge(name);
      session.done("Purged", name, "purged");
    }
  }
}
