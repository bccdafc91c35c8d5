package de.lifetimecircle.secrets.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the value of a secret. */
@Command(
    name = "get",
    description = "Write the value of a secret to a pipe or a file: the exact bytes.",
    sortOptions = false)
final class GetCommand implements Runnable {
  private final Session session;

  @Mixin GetRequest request = new GetRequest();

  GetCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    request.run(session);
  }
}
