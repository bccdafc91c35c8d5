package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a secret with all its versions. */
@Command(
    name = "delete",
    aliases = "rm",
    description = {
      "Delete a secret with all its versions.",
      "If the backend can, 'secrets restore' brings it back for a limited time."
    })
public final class DeleteCommand extends SessionCommand implements Runnable {
  @Mixin SecretRemoval removal = new SecretRemoval();

  @Override
  public void run() {
    String name = removal.name.storedForRemoval(session);
    try (SecretWriter writer = session.openWriter()) {
      removal.requireNoRotation("delete secret", session, writer, name);
      removal.confirm(session, "Delete '" + name + "' with all its versions?");
      writer.delete(name);
      session.done("Deleted", name, "deleted");
    }
  }
}
