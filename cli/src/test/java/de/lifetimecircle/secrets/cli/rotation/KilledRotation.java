package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.rotation.RotationListener.Moment;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that rotates and is killed when a step is done and not yet recorded. Its arguments: the
 * folder of a {@link RotationScene}, and the step.
 */
final class KilledRotation {
  private KilledRotation() {}

  public static void main(String[] args) {
    RotationStep end = RotationStep.valueOf(args[1]);
    try (SecretWriter writer = RotationScene.writer(System.getenv())) {
      RotationReport report =
          RotationScene.in(Path.of(args[0]))
              .rotations(
                  writer,
                  "anna",
                  (name, step, moment) -> {
                    if (step == end && moment == Moment.DONE) {
                      die();
                    }
                  })
              .rotate("DB_ADMIN_PW", Duration.ZERO);
      System.out.println(report.outcome());
    }
  }

  /** By the shell's own kill: a JVM may not kill itself, and a bare system has no such program. */
  private static void die() {
    try {
      int unused =
          new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid())
              .start()
              .waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
