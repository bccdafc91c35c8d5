package de.lifetimecircle.secrets.operations.rotation;

/**
 * The result of a hook. Immutable; its text shows no value that the hook was given.
 *
 * @param ending the ending
 * @param code its exit code; -1 if it has none
 * @param output the end of its output, at most 4,096 characters; empty, or words that say so, if it
 *     is withheld
 */
public record HookResult(Ending ending, int code, String output) {
  /** The ending of a hook. */
  public enum Ending {
    /** The hook ended with exit code 0. */
    DONE,
    /** The hook ended with another exit code. */
    FAILED,
    /** The hook ran too long and was killed, with all its child processes. */
    TIMED_OUT,
    /** The hook cannot be started: the program does not exist or is not executable. */
    NOT_STARTED,
    /** The hook printed a value in some form; its output is withheld. */
    SHOWED_VALUE,
    /** The hook printed more than 1 MiB, too much to check for values; its output is withheld. */
    TOO_LOUD
  }

  /** Returns the result in words for a message, without a full stop. */
  public String words() {
    String shown = output.isBlank() ? "" : "; it said: " + output.strip();
    return switch (ending) {
      case DONE -> "done";
      case FAILED -> "the hook ended with " + code + shown;
      case TIMED_OUT -> "the hook ran longer than it may (--hook-timeout) and was killed" + shown;
      case NOT_STARTED -> "the hook cannot be started: no such program, or it may not be run";
      case SHOWED_VALUE -> "the hook printed a value; its output is withheld";
      case TOO_LOUD -> "the hook printed more than 1 MiB; its output is withheld";
    };
  }
}
