package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.secret.PutResultText;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes random values straight into the store: nobody sees them. */
@Command(
    name = "generate",
    description = {
      "Make a random value and store it; it is not shown.",
      "Refuses names that exist, and values weaker than 16 random bytes.",
      "With --all or --from-inventory: as the inventory says, and what exists is left alone."
    },
    sortOptions = false)
public final class GenerateCommand implements Callable<Integer> {
  /** What is wrong with one secret and says nothing of the next. */
  private static final Set<SecretException.Kind> OF_ONE =
      EnumSet.of(
          SecretException.Kind.INVALID_VALUE,
          SecretException.Kind.TOO_LARGE,
          SecretException.Kind.ACCESS_DENIED,
          SecretException.Kind.CONFLICT,
          SecretException.Kind.PENDING_DELETION,
          SecretException.Kind.DISABLED,
          SecretException.Kind.CORRUPT);

  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public GenerateCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Each gets a value of its own.")
  List<String> names = new ArrayList<>();

  @Mixin ShapeOptions options = new ShapeOptions();

  @Option(names = "--force", description = "Replace the value of a name that exists.")
  boolean force;

  @Option(
      names = "--all",
      description = "Make everything that the inventory has and the store not.")
  boolean all;

  @Option(names = "--from-inventory", description = "Make the named ones as the inventory says.")
  boolean fromInventory;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    if (all == names.isEmpty()) {
      return all || fromInventory ? generateFromInventory() : generate();
    }
    throw CommandFailure.usage(
        all
            ? "Cannot use --all with names: give one of the two."
            : "Cannot run 'secrets generate': NAME missing. See 'secrets generate --help'.");
  }

  private int generateFromInventory() {
    if (options.given()) {
      throw CommandFailure.usage("Cannot choose the form of a value: the inventory says it.");
    }
    if (all && force) {
      throw CommandFailure.usage("Cannot use --force with --all: name what is to be replaced.");
    }
    Inventory read = inventory.read();
    try (SecretWriter writer = session.openWriter()) {
      SecretGeneration generation =
          new SecretGeneration(read, inventory.environment, writer, SystemRandom.open());
      GenerationReport report = new GenerationReport(session, generation);
      if (all) {
        makeAll(generation, report);
      } else {
        for (String name : generation.names(names)) {
          report.add(name, force ? generation.replace(name) : generation.make(name));
        }
      }
      return report.finish();
    }
  }

  private static void makeAll(SecretGeneration generation, GenerationReport report) {
    for (String name : generation.names()) {
      try {
        report.add(name, generation.make(name));
      } catch (SecretException e) {
        if (!OF_ONE.contains(e.kind())) {
          throw e;
        }
        report.failed(e);
      }
    }
  }

  private int generate() {
    if (inventory.given()) {
      throw CommandFailure.usage("Cannot use an inventory: give --all or --from-inventory too.");
    }
    ValueShape shape = options.shape();
    List<Map<String, String>> documents = new ArrayList<>();
    try (SecretWriter writer = session.openWriter()) {
      for (String name : names) {
        PutResult result = store(writer, name, shape);
        documents.add(PutResultText.document(name, result));
        if (!session.json) {
          session.output().line(PutResultText.text(name, result) + ", " + shape.bits() + " bits");
          // A later name may fail: what was stored is told before.
          session.output().finish();
        }
      }
    }
    if (session.json) {
      session.output().document(documents);
    }
    return ExitCode.OK.code();
  }

  private PutResult store(SecretWriter writer, String name, ValueShape shape) {
    try (SecretValue value = shape.make(SystemRandom.open())) {
      return force ? writer.put(name, value) : writer.create(name, value);
    }
  }
}
