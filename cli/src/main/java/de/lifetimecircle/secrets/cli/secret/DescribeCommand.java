package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what the backend knows about a secret. */
@Command(
    name = "describe",
    description = {
      "Show what the backend knows about one secret besides its value.",
      "'secrets document' writes the whole inventory."
    })
public final class DescribeCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument secret = new SecretArgument();

  @Override
  public void run() {
    try (SecretProvider provider = session.openProvider()) {
      session.output().facts(provider.describe(secret.stored(session)));
    }
  }
}
