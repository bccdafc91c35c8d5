package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.rotation.RotateAction;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an open rotation one of the possible ways. */
@Command(sortOptions = false)
final class RotationWayCommand extends SessionCommand implements Runnable {
  private final RotateCommand rotate;
  private final RotateAction way;

  RotationWayCommand(RotateCommand rotate, RotateAction way) {
    this.rotate = rotate;
    this.way = way;
  }

  @Parameters(
      paramLabel = "NAME",
      description = "The name in the inventory, with or without prefix.")
  String name = "";

  @Mixin RotationOptions options = new RotationOptions();

  private final HooksEnded confirmed = new HooksEnded();

  /** The option of the ways that undo the work of hooks. */
  private static final class HooksEnded {
    @Option(
        names = "--hooks-ended",
        description = {
          "Confirm that no hook of this rotation runs on any machine. Needed when no journal here"
              + " tells so: a hook that still runs could give the new value to the system"
              + " afterwards."
        })
    boolean given;
  }

  /** Returns this command with the options that its way has. */
  CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    line.getCommandSpec().usageMessage().description(description(way));
    if (way == RotateAction.ABANDON || way == RotateAction.ROLLBACK) {
      line.getCommandSpec()
          .addMixin("hooksEnded", CommandLine.Model.CommandSpec.forAnnotatedObject(confirmed));
    }
    return line;
  }

  private static String description(RotateAction way) {
    return switch (way) {
      case RESUME -> "Resume an interrupted rotation after its last finished step.";
      case ROLLBACK ->
          "Bring the old value of a rotation back into service, with the hooks of the inventory;"
              + " 'secrets rollback' changes only the store.";
      case ABANDON ->
          "Abandon a rotation whose new value is not in service yet, or that cannot finish because"
              + " another writer has changed the served value; the hook 'apply' gives the served"
              + " value to the system that the secret opens.";
      case RETIRE -> "Retire the old value before its grace ends.";
    };
  }

  @Override
  public void run() {
    rotate.requireNothingBefore(way.word());
    String secret = options.inventory.require(name).name();
    try (SecretWriter writer = session.openWriter()) {
      Rotations.Builder builder = options.builder(session, writer);
      Rotations rotations = (confirmed.given ? builder.hooksEnded() : builder).build();
      RotationProgress.print(
          switch (way) {
            case RESUME -> rotations.resume(secret);
            case ROLLBACK -> rotations.rollback(secret);
            case ABANDON -> rotations.abandon(secret);
            case RETIRE -> rotations.retire(secret);
          },
          session);
    }
  }
}
