package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.Inventory;
import de.lifetimecircle.secrets.operations.SecretsDocument;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes down what there is, without a value. */
@Command(
    name = "document",
    description = "Write down ids, versions, owners and the schedule of rotations; no value.")
final class DocumentCommand implements Runnable {
  private final Session session;

  DocumentCommand(Session session) {
    this.session = session;
  }

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    Inventory read = inventory.read();
    try (SecretProvider provider = session.openStore()) {
      String text =
          SecretsDocument.text(read, inventory.environment, provider, InstantSource.system());
      if (session.json) {
        session.output().document(Map.of("document", text));
      } else {
        session.output().bytes(Output.printable(text).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
