package de.lifetimecircle.secrets.cli;

import java.util.Optional;

/** Where the JVM starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Cli cli = new Cli(new SystemTerminal(), name -> Optional.ofNullable(System.getenv(name)));
    System.exit(cli.run(args));
  }
}
