package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a deleted secret for good. */
@Command(name = "purge", description = "Remove a deleted secret for good; nothing restores it.")
final class PurgeCommand implements Runnable {
  private final Session session;

  @Mixin Removal removal = new Removal();

  PurgeCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    removal.confirm(session, "Remove '" + removal.name + "' for good?");
    try (SecretWriter writer = session.openWriter()) {
      writer.purge(removal.name);
      session.done("Purged", removal.name, "purged");
    }
  }
}
