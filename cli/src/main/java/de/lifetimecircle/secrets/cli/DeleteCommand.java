package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a secret with all its versions. */
@Command(
    name = "delete",
    description = {
      "Delete a secret with all its versions.",
      "Where the backend can, 'secrets restore' brings it back for a time."
    })
final class DeleteCommand implements Runnable {
  private final Session session;

  DeleteCommand(Session session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Override
  public void run() {
    if (!yes) {
      session.confirm("Delete '" + name + "' with all its versions?");
    }
    try (SecretWriter writer = session.openWriter()) {
      writer.delete(name);
      session.done("Deleted", name, "deleted");
    }
  }
}
