package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.Generation;
import de.lifetimecircle.secrets.operations.Inventory;
import de.lifetimecircle.secrets.operations.SystemRandom;
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
final class SetCommand implements Runnable {
  private final Session session;

  SetCommand(Session session) {
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
      Generation generation =
          new Generation(read, inventory.environment, writer, SystemRandom.open());
      try (SecretValue value = ValueInput.taken(bytes())) {
        if (value.isEmpty()) {
          throw CommandFailure.invalid(
              "Cannot store the value: it is empty, which mostly means that a pipe failed.");
        }
        MadeReport report = new MadeReport(session, generation);
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
