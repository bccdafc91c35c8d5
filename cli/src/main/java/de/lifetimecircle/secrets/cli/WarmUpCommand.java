package de.lifetimecircle.secrets.cli;

import picocli.CommandLine.Command;

/** Loads what the usual commands load, for the class-data archive of the launcher. */
@Command(name = WarmUpCommand.NAME, hidden = true, description = "Load the usual classes.")
final class WarmUpCommand implements Runnable {
  static final String NAME = "warm-up";

  private final Session session;

  WarmUpCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    session.output().line("warm");
  }
}
