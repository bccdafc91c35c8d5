package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The secret that a command removes, and whether to ask first. Not thread-safe. */
final class SecretRemoval {
  @Mixin SecretArgument name = new SecretArgument();

  @Mixin RotationGuard guard = new RotationGuard();

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  /**
   * Fails if a rotation of the secret is open; see {@link RotationGuard#require}.
   *
   * @param stored its name in the store
   */
  void requireNoRotation(
      String action, CommandSession session, SecretWriter writer, String stored) {
    guard.require(action, session, name.inventory, writer, List.of(stored));
  }

  /** Asks for confirmation, unless {@code --yes} was given. */
  void confirm(CommandSession session, String question) {
    if (!yes) {
      session.confirm(question);
    }
  }
}
