package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;

/** The exit codes of the program. They are part of its interface: none changes its meaning. */
public enum ExitCode {
  OK(0, "done"),
  INTERNAL(1, "a bug in this program, or its output could not be written"),
  USAGE(2, "the command line is wrong, or a question was not answered with yes"),
  NOT_FOUND(3, "no secret of that name, or no such version of it"),
  DENIED(
      4, "the backend denied access: a right is missing, or the credentials are missing or wrong"),
  INVALID(
      5, "bad name, invalid or too large value, wrong configuration, or the backend cannot do it"),
  UNAVAILABLE(6, "the backend is unreachable, too slow or throttles calls"),
  CONFLICT(
      7,
      "another process wrote first, or rotates the name, or replaces it in an emergency now;"
          + " the name exists; or the secret is deleted or disabled"),
  CORRUPT(8, "stored data is damaged, or a writer without the right to do so has changed it"),
  FOUND(9, "a check found a difference, a due rotation, a leaked value or another problem"),
  STOPPED(
      10,
      "a step of a rotation or an emergency failed, or an emergency is still open; the message says"
          + " how to continue"),
  EMERGENCY(
      11, "an emergency is open, whatever else was found; the first line says how to finish it"),
  READER_GONE(
      141,
      "the reader of a pipe closed it before the end of the output, as head does; no message is"
          + " printed");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Returns the number that the shell sees. */
  public int code() {
    return code;
  }

  /** Returns the sentence for people that says when the program exits with this code. */
  public String meaning() {
    return meaning;
  }

  /** Returns the code for a failure of this kind; several kinds share one. */
  public static ExitCode of(SecretException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND, VERSION_NOT_FOUND -> NOT_FOUND;
      case ACCESS_DENIED, UNAUTHENTICATED -> DENIED;
      case BAD_NAME, INVALID_VALUE, TOO_LARGE, CONFIGURATION, UNSUPPORTED -> INVALID;
      case TIMEOUT, THROTTLED, UNAVAILABLE -> UNAVAILABLE;
      case CONFLICT, PENDING_DELETION, DISABLED -> CONFLICT;
      case CORRUPT -> CORRUPT;
      case INTERRUPTED, CLOSED, INTERNAL -> INTERNAL;
    };
  }
}
