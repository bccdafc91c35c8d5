package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings a deleted secret back. */
@Command(name = "restore", description = "Bring a deleted secret back with all its versions.")
public final class RestoreCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument secret = new SecretArgument();
  @Mixin RotationGuard guard = new RotationGuard();

  @Override
  public void run() {
    String name = secret.stored(session);
    try (SecretWriter writer = session.openWriter()) {
      guard.require("restore secret", session, secret.inventory, writer, List.of(name));
      writer.restore(name);
      session.done("Restored", name, "restored");
    }
  }
}
