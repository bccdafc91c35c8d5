package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The root of the command line. */
@Command(
    name = "secrets",
    description = {
      "Reads, writes and rotates the secrets of services.",
      "It never takes a value from an argument, and never shows one on a terminal without --show."
    },
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionText.class,
    sortOptions = false)
final class SecretsCommand implements Runnable {
  @Mixin final CommandSession session;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of this program and of Java.")
  boolean version;

  SecretsCommand(CommandSession session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw CommandFailure.usage("Cannot start: no command given. See 'secrets --help'.");
  }
}
