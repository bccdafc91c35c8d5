package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rotates every secret that is due. */
@Command(
    name = "due",
    description = {
      "Rotate due secrets, resume interrupted rotations, retire expired old values.",
      "'secrets due' only lists them."
    },
    sortOptions = false)
final class RotateDueCommand extends SessionCommand implements Callable<Integer> {
  private final RotateCommand rotate;

  RotateDueCommand(RotateCommand rotate) {
    this.rotate = rotate;
  }

  @Mixin RotationOptions options = new RotationOptions();

  @Override
  public Integer call() {
    rotate.requireNothingBefore("due");
    try (SecretWriter writer = session.openWriter()) {
      return rotateDue(options.rotations(session, writer));
    }
  }

  /**
   * Rotates every due secret, even after one has failed; the first failure decides the exit code.
   */
  private int rotateDue(Rotations rotations) {
    int code = ExitCode.OK.code();
    for (DueSecret each : rotations.due()) {
      try {
        refuseUnknown(each);
        rotations
            .handle(each)
            .ifPresent(
                done ->
                    session
                        .output()
                        .item(
                            RotationProgress.text(done, session), RotationProgress.document(done)));
      } catch (RuntimeException e) {
        int failed = new ErrorReport(session).report(e);
        code = code == 0 ? failed : code;
      }
    }
    session.output().items(code);
    if (!session.json
        && session.output().items().isEmpty()
        && code == 0
        && session.terminal.outputIsTerminal()) {
      session.output().line("Nothing is due."); // cron would mail it every night
    }
    return code;
  }

  /** Fails, because an unreachable backend must not look like one where nothing is due. */
  private void refuseUnknown(DueSecret due) {
    if (due.state() == DueSecret.State.UNKNOWN) {
      throw CommandFailure.found(
          "Cannot tell whether secret '"
              + due.name()
              + "' is due: "
              + due.detail()
              + ". Run '"
              + session.command("doctor")
              + "' to see which backend is configured and whether it answers.");
    }
  }
}
