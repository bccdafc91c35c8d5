package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import de.lifetimecircle.secrets.operations.rotation.RotateAction;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the previous value back. */
@Command(
    name = "rollback",
    description = {
      "Make the previous version the current one again, in the store only; no hook runs.",
      "For a rotation by the inventory use 'secrets rotate rollback', which brings the old value"
          + " back everywhere."
    })
public final class RollbackCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument secret = new SecretArgument();
  @Mixin RotationGuard guard = new RotationGuard();

  @Override
  public void run() {
    String name = secret.storedForRemoval(session);
    Optional<SecretInEnvironment> known =
        secret.inventory.resolveUsable(session, secret.typed).known();
    try (SecretWriter writer = session.openWriter()) {
      guard.require("roll back secret", session, secret.inventory, writer, List.of(name));
      String version = writer.rollback(name);
      known.ifPresent(this::tellHooks);
      session
          .output()
          .result(
              "Rolled back '" + name + "': version " + version,
              Output.object("name", name, "version", version));
    }
  }

  private void tellHooks(SecretInEnvironment known) {
    if (!known.secret().hooks().isEmpty()) {
      session.hint(
          "no hook ran, so only the store has the old value; '"
              + secret
                  .inventory
                  .read()
                  .command(RotateAction.ROLLBACK.words(known.name()), known.environment())
              + "' also brings it to what the secret opens");
    }
  }
}
