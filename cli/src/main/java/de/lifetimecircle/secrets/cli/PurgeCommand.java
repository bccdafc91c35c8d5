package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a deleted secret for good. */
@Command(name = "purge", description = "Remove a deleted secret for good; nothing restores it.")
final class PurgeCommand implements Runnable {
  private final Session session;

  PurgeCommand(Session session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Override
  public void run() {
    if (!yes) {
      session.confirm("Remove '" + name + "' for good?");
    }
    try (SecretWriter writer = session.openWriter()) {
      writer.purge(name);
      session.done("Purged", name, "purged");
    }
  }
}
