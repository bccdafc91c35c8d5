package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;

/** The exit codes of the command: part of its interface, so a number never changes its meaning. */
public enum ExitCode {
  OK(0, "done"),
  INTERNAL(1, "a defect of this program, or its output could not be written"),
  USAGE(2, "the command line is wrong, or a question was not answered with yes"),
  NOT_FOUND(3, "no secret of that name, or no such version of it"),
  DENIED(4, "the backend refuses: missing right, or missing or wrong credentials"),
  INVALID(5, "bad name, invalid or too large value, wrong configuration, or no such ability"),
  UNAVAILABLE(6, "the backend cannot be reached, is too slow or asks to be called less often"),
  CONFLICT(7, "somebody else wrote first, the name exists, or the secret is deleted or disabled"),
  CORRUPT(8, "what is stored is damaged or was changed by somebody who may not"),
  FOUND(9, "a check found something: otherwise than it should be, or a value in a wrong place"),
  STOPPED(
      10,
      "a step of a rotation or an emergency failed, or an emergency is not done; the message says how"
          + " to go on");

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

  /** When the command ends with this code, for people. */
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
