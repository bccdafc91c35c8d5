package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.SystemTerminal;

/** The entry point of the program. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    CommandLineRun cli = new CommandLineRun(new SystemTerminal(), System.getenv());
    System.exit(cli.run(args));
  }
}
