package de.lifetimecircle.secrets.cli;

/** Where the JVM starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Cli cli = new Cli(new SystemTerminal(), System.getenv());
    System.exit(cli.run(args));
  }
}
