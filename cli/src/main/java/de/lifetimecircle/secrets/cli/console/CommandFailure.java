package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;

/**
 * A failure of a command itself, as opposed to one of the backend. Its message is printed as it is,
 * so it never repeats an argument that may be a value.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private CommandFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Returns the failure for a wrong command line, or for a question not answered with yes. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  /** Returns the failure for a value, a name or a file that the command cannot use. */
  public static CommandFailure invalid(String message) {
    return new CommandFailure(ExitCode.INVALID, message);
  }

  /** Returns the failure for a secret, or a store of secrets, that does not exist. */
  public static CommandFailure notFound(String message) {
    return new CommandFailure(ExitCode.NOT_FOUND, message);
  }

  /** Returns the failure for a check that found something, or could not finish. */
  public static CommandFailure found(String message) {
    return new CommandFailure(ExitCode.FOUND, message);
  }

  /** Returns the failure for a result that is wrong or could not be written. */
  public static CommandFailure internal(String message) {
    return new CommandFailure(ExitCode.INTERNAL, message);
  }

  /** Returns the failure that is not reported, because the reader of the output has seen enough. */
  public static CommandFailure readerGone() {
    return new CommandFailure(ExitCode.READER_GONE, "");
  }

  /** Returns the failure for a file that cannot be read or written; the message says why. */
  public static CommandFailure io(String action, IOException e) {
    CommandFailure failure = invalid("Cannot " + action + ": " + FileFailure.reason(e) + ".");
    failure.initCause(e);
    return failure;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
