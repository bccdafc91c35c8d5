package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The secret that a command removes, and whether to ask first. Not thread-safe. */
final class SecretRemoval {
  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  /** Asks for confirmation, unless {@code --yes} was given. */
  void confirm(CommandSession session, String question) {
    if (!yes) {
      session.confirm(question);
    }
  }
}
