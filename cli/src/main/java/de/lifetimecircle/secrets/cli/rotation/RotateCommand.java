package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.generation.ShapeOptions;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.rotation.RotateAction;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rotates a secret, either alone or in the steps that the inventory describes. */
@Command(
    name = "rotate",
    description = {
      "Rotate a secret as the inventory says, with its hooks and templates, in steps that a"
          + " journal makes resumable.",
      "Without an inventory that knows the name, or with --plain: generate a random value of the"
          + " same shape, store it as pending, read it back, promote it. The old value remains as"
          + " the previous version: 'secrets rollback' brings it back.",
      "'secrets rotate -- due' rotates a secret whose name is a subcommand."
    },
    sortOptions = false)
public final class RotateCommand extends SessionCommand implements Runnable {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "The name of the secret; with an inventory also without prefix.")
  String name = "";

  @Option(
      names = "--plain",
      description = "Only replace the value in the store, even if the inventory knows the secret.")
  boolean plain;

  @Mixin ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--from-stdin",
      description = "Rotate to the value on standard input, for values that nothing generates.")
  boolean fromStdin;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = LongTime.class,
      description =
          "Keep the old value valid this long, such as 1h, instead of the inventory's time.")
  @Nullable Duration grace;

  @Mixin RotationOptions options = new RotationOptions();

  /** Adds the subcommands. */
  public void addWays(CommandLine rotate) {
    rotate.addSubcommand(RotateAction.DUE, new RotateDueCommand(this));
    for (RotateAction way : RotateAction.values()) {
      rotate.addSubcommand(way.word(), new RotationWayCommand(this, way).commandLine());
    }
  }

  /** Rejects what stands between {@code rotate} and its subcommand, which would be ignored. */
  void requireNothingBefore(String subcommand) {
    if (!name.isEmpty() || plain || shape.given() || byInventory()) {
      throw CommandFailure.usage(
          "Cannot run 'secrets rotate "
              + subcommand
              + "': write the subcommand first, then the name and the options. See 'secrets rotate "
              + subcommand
              + " --help'.");
    }
  }

  @Override
  public void run() {
    if (name.isEmpty()) {
      throw CommandFailure.usage(
          "Cannot run 'secrets rotate': NAME missing. See 'secrets rotate --help'.");
    }
    if (fromStdin && grace != null) {
      throw CommandFailure.usage("Cannot use --from-stdin and --grace together: give one of them.");
    }
    if (plain) {
      if (fromStdin || grace != null || options.givenBesidesInventory()) {
        throw CommandFailure.usage(
            "Cannot use --plain with an option of a rotation by the inventory.");
      }
      PlainRotation rotation = new PlainRotation(session, shape);
      ResolvedName meant = options.inventory.resolveUsable(session, name);
      if (meant.known().isPresent()) {
        rotation.run(meant.stored(), options.inventory);
      } else {
        rotation.run(meant.stored());
      }
      return;
    }
    ResolvedName meant = options.inventory.select(session, name);
    if (meant.known().isEmpty() && !byInventory()) {
      new PlainRotation(session, shape).run(meant.stored());
      return;
    }
    if (shape.given()) {
      throw CommandFailure.usage(
          "Cannot choose the shape of the value: the inventory defines it. To replace only the"
              + " value in the store, add --plain.");
    }
    rotate(options.inventory.require(name).name());
  }

  /** Returns whether an option was given that only a rotation by the inventory has. */
  private boolean byInventory() {
    return fromStdin || grace != null || options.given();
  }

  private void rotate(String secret) {
    try (SecretWriter writer = session.openWriter()) {
      RotationProgress.print(report(options.rotations(session, writer), secret), session);
    }
  }

  private RotationReport report(Rotations rotations, String secret) {
    if (fromStdin) {
      return rotateTo(rotations, secret);
    }
    return grace == null ? rotations.rotate(secret) : rotations.rotate(secret, grace);
  }

  private RotationReport rotateTo(Rotations rotations, String secret) {
    byte[] bytes = ValueInput.trimNewline(ValueInput.fromInput(session));
    try (SecretValue value = ValueInput.taken(bytes)) {
      if (value.isEmpty()) {
        throw CommandFailure.invalid(
            "Cannot rotate to the value: it is empty, which usually means that a pipe failed.");
      }
      return rotations.rotateTo(secret, value);
    }
  }
}
