package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** Prints the schema of inventories. */
@Command(name = "schema", description = "Print the JSON Schema of the inventory, for editors.")
public final class SchemaCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public SchemaCommand(CommandSession session) {
    this.session = session;
  }

  @Override
  public void run() {
    session.output().bytes(InventoryText.schema().getBytes(StandardCharsets.UTF_8));
  }
}
