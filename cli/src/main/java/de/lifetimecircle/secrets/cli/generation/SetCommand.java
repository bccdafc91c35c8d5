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

/** Stores a value that somebody brings for a secret of the inventory. */
@Command(
    name = "set",
    description = {
      "Store the value of a secret of the inventory, if it passes the rules there.",
      "It is asked for without echo on a terminal, else read from standard input; one line end at"
          + " its end is left out."
    },
    sortOptions = false)
public final class SetCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public SetCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "Its name in the inventory, without prefix.")
  String name = "";

  @Option(names = "--from-stdin", description = "Read it from standard input, also at a terminal.")
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
              "Cannot store the value: it is empty, which mostly means that a pipe failed.");
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
