package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a value that a person supplies for a secret of the inventory. */
@Command(
    name = "set",
    description = {
      "Store the value of a secret of the inventory, if it passes the rules there.",
      "Asks for it without echo on a terminal, else reads standard input; drops one newline at"
          + " its end."
    },
    sortOptions = false)
public final class SetCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public SetCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name in the inventory, without prefix.")
  String name = "";

  @Option(names = "--from-stdin", description = "Read standard input even on a terminal.")
  boolean fromStdin;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    Inventory read = inventory.read();
    try (SecretWriter writer = session.openWriter()) {
      SecretGeneration generation =
          new SecretGeneration(read, inventory.environment, writer, SystemRandom.open());
      try (SecretValue value = ValueInput.taken(bytes())) {
        if (value.isEmpty()) {
          throw CommandFailure.invalid(
              "Cannot store the value: it is empty, which usually means that a pipe failed.");
        }
        GenerationReport report = new GenerationReport(session, generation);
        report.add(name, generation.set(name, value));
        int unused = report.finish();
      }
    }
  }

  private byte[] bytes() {
    boolean person = session.terminal.inputIsTerminal() && !fromStdin;
    return person
        ? ValueInput.fromPrompt(session.terminal, name)
        : ValueInput.trimNewline(ValueInput.fromStream(session.terminal.in()));
  }
}
