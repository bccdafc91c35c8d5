package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what the backend knows of a secret. */
@Command(
    name = "describe",
    description = "Tell what the backend knows of a secret besides its value.")
final class DescribeCommand implements Runnable {
  private final Session session;

  DescribeCommand(Session session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Override
  public void run() {
    try (SecretProvider provider = session.openProvider()) {
      session.output().facts(provider.describe(name));
    }
  }
}
