package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.operations.InventoryText;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** Prints the form of inventories. */
@Command(name = "schema", description = "Print the JSON Schema of the inventory, for editors.")
final class SchemaCommand implements Runnable {
  private final Session session;

  SchemaCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    session.output().bytes(InventoryText.schema().getBytes(StandardCharsets.UTF_8));
  }
}
