package de.lifetimecircle.secrets.cli.console;

/**
 * An option has an argument that it does not take. The parser adds the option, and {@link
 * UsageErrors} words the message. It never holds the argument, which may be a secret.
 */
public final class UnexpectedArgument extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param expected what the option takes, such as {@code cron, systemd or github}
   */
  public UnexpectedArgument(String expected) {
    super(expected);
  }
}
