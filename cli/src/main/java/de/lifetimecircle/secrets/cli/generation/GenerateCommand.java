package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.inventory.NewNames;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.secret.PutResultText;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Generates random values and stores them; no person sees them. */
@Command(
    name = "generate",
    description = {
      "Generate a random value and store it without showing it.",
      "Rejects values weaker than 16 random bytes, and without --force names that exist.",
      "A secret of the inventory gets the value that is described there; --all generates every one"
          + " that the store lacks."
    },
    sortOptions = false)
public final class GenerateCommand extends SessionCommand implements Callable<Integer> {
  /**
   * Failures that concern one secret only, so {@code --all} continues with the next one. After any
   * other failure, for example a backend that is down, every further secret would fail as well.
   */
  private static final Set<SecretException.Kind> OF_ONE =
      EnumSet.of(
          SecretException.Kind.INVALID_VALUE,
          SecretException.Kind.TOO_LARGE,
          SecretException.Kind.ACCESS_DENIED,
          SecretException.Kind.CONFLICT,
          SecretException.Kind.PENDING_DELETION,
          SecretException.Kind.DISABLED,
          SecretException.Kind.CORRUPT);

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "The names; each gets its own value.")
  List<String> names = new ArrayList<>();

  @Mixin ShapeOptions options = new ShapeOptions();

  @Option(
      names = "--force",
      description =
          "Replace the value if the name exists; given twice, also while a rotation of it is open.")
  boolean[] force = {};

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The folder of the rotations. Default: secrets-rotations beside the inventory.")
  @Nullable String journal;

  @Option(
      names = "--all",
      description = "Generate every secret of the inventory that the store lacks.")
  boolean all;

  @Option(
      names = "--plain",
      description =
          "Choose the shape here, even if the inventory knows the secret or a similar name.")
  boolean plain;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    if (all != names.isEmpty()) {
      throw CommandFailure.usage(
          all
              ? "Cannot use --all with names: use one of the two."
              : "Cannot run 'secrets generate': NAME missing. See 'secrets generate --help'.");
    }
    if (all && plain) {
      throw CommandFailure.usage("Cannot use --all with --plain: it follows the inventory.");
    }
    if (all) {
      return generateFromInventory(List.of());
    }
    if (plain) {
      return generate(names.stream().map(name -> inventory.stored(session, name)).toList());
    }
    List<ResolvedName> meant =
        names.stream().map(name -> inventory.resolve(session, name)).toList();
    if (!inventory.given() && meant.stream().allMatch(each -> each.known().isEmpty())) {
      List<String> stored = meant.stream().map(ResolvedName::stored).toList();
      NewNames.confirm(session, inventory, stored);
      return generate(stored);
    }
    return generateFromInventory(
        names.stream().map(name -> inventory.require(name).name()).toList());
  }

  private int generateFromInventory(List<String> asked) {
    if (options.given()) {
      throw CommandFailure.usage(
          "Cannot choose the shape of the value: the inventory defines it. To choose it anyway, add"
              + " --plain.");
    }
    if (all && replaces()) {
      throw CommandFailure.usage("Cannot use --force with --all: name the secrets to replace.");
    }
    Inventory read = inventory.site().inventory();
    try (SecretWriter writer = session.openWriter(read::description)) {
      SecretGeneration generation =
          new SecretGeneration(read, inventory.environment, writer, SystemRandom.open());
      GenerationReport report = new GenerationReport(session, generation);
      if (all) {
        makeAll(generation, report, new Progress(session, "secrets looked at"));
      } else {
        List<String> chosen = generation.names(asked);
        ServiceEnvironment where = read.environment(inventory.environment);
        guard(writer, chosen.stream().map(where::stored).toList());
        for (String name : chosen) {
          if (replaces()) {
            report.add(name, generation.replace(name));
          } else {
            report.addNew(name, generation.make(name));
          }
        }
      }
      return report.finish();
    }
  }

  private boolean replaces() {
    return force.length > 0;
  }

  /** A name that exists keeps its value without {@code --force}, so no rotation is in the way. */
  private void guard(SecretWriter writer, List<String> stored) {
    if (replaces()) {
      RotationGuard.twice(force, journal)
          .require("generate secret", session, inventory, writer, stored);
    }
  }

  private static void makeAll(
      SecretGeneration generation, GenerationReport report, Progress progress) {
    List<String> names = generation.names();
    progress.expect(names.size());
    for (String name : names) {
      try {
        report.add(name, generation.make(name));
      } catch (SecretException e) {
        if (!OF_ONE.contains(e.kind())) {
          throw e;
        }
        report.failed(e);
      }
      progress.advance();
    }
  }

  private int generate(List<String> stored) {
    ValueShape shape = options.shape();
    try (SecretWriter writer = session.openWriter()) {
      guard(writer, stored);
      for (String name : stored) {
        PutResult result = store(writer, name, shape);
        String text = PutResultText.text(name, result) + ", " + shape.bits() + " bits";
        session.output().item(text, PutResultText.document(name, result));
      }
    }
    session.output().items(ExitCode.OK.code());
    return ExitCode.OK.code();
  }

  private PutResult store(SecretWriter writer, String name, ValueShape shape) {
    try (SecretValue value = shape.make(SystemRandom.open())) {
      return replaces() ? writer.put(name, value) : writer.create(name, value);
    }
  }
}
