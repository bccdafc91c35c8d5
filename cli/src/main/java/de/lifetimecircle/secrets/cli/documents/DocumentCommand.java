package de.lifetimecircle.secrets.cli.documents;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.SecretsDocument;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Documents the secrets of a service, without their values. */
@Command(
    name = "document",
    description = {
      "Write a page about all secrets of the inventory: ids, versions, owners and the schedule of"
          + " rotations, but no value.",
      "'secrets describe NAME' shows what the backend knows about one."
    })
public final class DocumentCommand extends SessionCommand implements Runnable {
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    Inventory read = inventory.read();
    try (SecretProvider provider = session.openStore()) {
      String text = SecretsDocument.text(read, inventory.environment, provider, session.clock);
      session.output().text("document", text, Output.printable(text));
    }
  }
}
