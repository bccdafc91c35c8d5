package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The secret that a command removes, and whether to ask first. Not thread-safe. */
final class SecretRemoval {
  @Mixin SecretArgument name = new SecretArgument();

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  /** Asks for confirmation, unless {@code --yes} was given. */
  void confirm(CommandSession session, String question) {
    if (!yes) {
      session.confirm(question);
    }
  }
}
