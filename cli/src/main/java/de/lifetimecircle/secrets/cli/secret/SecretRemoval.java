package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The secret that a command takes away, once the user has said yes. Used by one thread. */
final class SecretRemoval {
  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  /** Asks, unless told not to. */
  void confirm(CommandSession session, String question) {
    if (!yes) {
      session.confirm(question);
    }
  }
}
