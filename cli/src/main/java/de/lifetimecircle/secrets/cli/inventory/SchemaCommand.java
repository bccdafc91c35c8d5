package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** Prints the schema of inventories. */
@Command(name = "schema", description = "Print the JSON Schema of the inventory, for editors.")
public final class SchemaCommand extends SessionCommand implements Runnable {
  @Override
  public void run() {
    session.output().bytes(InventoryText.schema().getBytes(StandardCharsets.UTF_8));
  }
}
