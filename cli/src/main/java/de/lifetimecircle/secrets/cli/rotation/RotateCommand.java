package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.generation.ShapeOptions;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rotates a secret, either alone or in the steps that the inventory describes. */
@Command(
    name = "rotate",
    description = {
      "Generate a random value of the same shape, store it as pending, read it back, promote it.",
      "The old value remains as the previous version: 'secrets rollback' brings it back.",
      "With --from-inventory or --due: follows the inventory with its hooks and templates, in steps"
          + " that a journal makes resumable."
    },
    sortOptions = false)
public final class RotateCommand implements Callable<Integer> {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public RotateCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The name of the secret.")
  String name = "";

  @Mixin ShapeOptions shape = new ShapeOptions();

  @Option(names = "--from-inventory", description = "Rotate as the inventory says.")
  boolean fromInventory;

  @Option(
      names = "--due",
      description = "Rotate due secrets, resume interrupted rotations, retire expired old values.")
  boolean due;

  @Option(
      names = "--from-stdin",
      description = "Rotate to the value on standard input, for values that nothing generates.")
  boolean fromStdin;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description =
          "Keep the old value valid this long, such as 1h, instead of the inventory's time.")
  @Nullable String grace;

  @Option(names = "--resume", description = "Resume an interrupted rotation.")
  boolean resume;

  @Option(names = "--rollback", description = "Bring the old value back into service.")
  boolean rollback;

  @Option(
      names = "--abandon",
      description = "Abandon a rotation whose new value is not in service yet.")
  boolean abandon;

  @Option(names = "--retire", description = "Retire the old value before its grace ends.")
  boolean retire;

  @Mixin RotationOptions options = new RotationOptions();

  @Override
  public Integer call() {
    int ways = count(due, resume, rollback, abandon, retire, fromStdin, grace != null);
    if (due == !name.isEmpty()) {
      throw CommandFailure.usage(
          due
              ? "Cannot use --due with a name: use one of the two."
              : "Cannot run 'secrets rotate': NAME missing. See 'secrets rotate --help'.");
    }
    if (ways > 1) {
      throw CommandFailure.usage(
          "Cannot combine these options: each does something different with a rotation. Use one.");
    }
    if (ways == 0 && !fromInventory && !options.given()) {
      new PlainRotation(session, shape).run(name);
      return ExitCode.OK.code();
    }
    if (shape.given()) {
      throw CommandFailure.usage("Cannot choose the shape of the value: the inventory defines it.");
    }
    Inventory inventory = options.inventory.read();
    try (SecretWriter writer = session.openWriter()) {
      Rotations rotations =
          options.rotations(session, inventory, writer, new RotationProgress(session));
      return due ? rotateDue(rotations) : rotateOne(rotations);
    }
  }

  private static int count(boolean... given) {
    int count = 0;
    for (boolean each : given) {
      count += each ? 1 : 0;
    }
    return count;
  }

  private int rotateOne(Rotations rotations) {
    RotationReport report = report(rotations);
    session.output().result(RotationProgress.text(report), RotationProgress.document(report));
    return ExitCode.OK.code();
  }

  private RotationReport report(Rotations rotations) {
    if (resume) {
      return rotations.resume(name);
    }
    if (rollback) {
      return rotations.rollback(name);
    }
    if (abandon) {
      return rotations.abandon(name);
    }
    if (retire) {
      return rotations.retire(name);
    }
    if (fromStdin) {
      return rotateTo(rotations);
    }
    return grace == null
        ? rotations.rotate(name)
        : rotations.rotate(name, RotationOptions.duration(grace, "--grace", Duration.ZERO));
  }

  private RotationReport rotateTo(Rotations rotations) {
    byte[] bytes = ValueInput.trimNewline(ValueInput.fromStream(session.terminal.in()));
    try (SecretValue value = ValueInput.taken(bytes)) {
      if (value.isEmpty()) {
        throw CommandFailure.invalid(
            "Cannot rotate to the value: it is empty, which usually means that a pipe failed.");
      }
      return rotations.rotateTo(name, value);
    }
  }

  /**
   * Rotates every due secret, even after one has failed; the first failure decides the exit code.
   */
  private int rotateDue(Rotations rotations) {
    int code = ExitCode.OK.code();
    List<Map<String, Object>> documents = new ArrayList<>();
    for (DueSecret each : rotations.due()) {
      try {
        refuseUnknown(each);
        Optional<RotationReport> report = rotations.handle(each);
        report.map(RotationProgress::document).ifPresent(documents::add);
        if (!session.json) {
          report.map(RotationProgress::text).ifPresent(session.output()::line);
          session.output().finish();
        }
      } catch (RuntimeException e) {
        int failed = new ErrorReport(session).report(e);
        code = code == 0 ? failed : code;
      }
    }
    if (session.json) {
      session.output().document(documents);
    }
    return code;
  }

  /** Fails, because an unreachable backend must not look like one where nothing is due. */
  private static void refuseUnknown(DueSecret due) {
    if (due.state() == DueSecret.State.UNKNOWN) {
      throw CommandFailure.found(
          "Cannot tell whether secret '"
              + due.name()
              + "' is due: "
              + due.detail()
              + ". Run 'secrets doctor' to see which backend is configured and whether it"
              + " answers.");
    }
  }
}
