package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells the processes that listen that a secret was rotated. */
@Command(
    name = "notify",
    description = {
      "Tell every process that listens to the channel of the setting 'push' that a secret has a new"
          + " version. Sends the name and the version, never a value.",
      "Needed only after a rotation by other means: 'put', 'rotate', 'rollback' and 'emergency' do"
          + " it themselves."
    },
    sortOptions = false)
public final class NotifyCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument secret = new SecretArgument();

  @Option(
      names = "--version",
      paramLabel = "ID",
      description = "The version that is current now. Default: ask the backend for it.")
  @Nullable String version;

  @Override
  public void run() {
    String name = secret.stored(session);
    try (SecretWriter writer = session.openWriter()) {
      String current =
          version == null ? writer.provider().get(name, Duration.ZERO).version() : version;
      writer.announce(name, current);
      session
          .output()
          .result(
              "Announced '" + name + "': version " + current,
              Output.object("name", name, "version", current));
    }
  }
}
