package de.lifetimecircle.secrets.operations.rotation;

import java.time.Duration;

/**
 * How a hook ended. Immutable; its text shows no value that the hook was given.
 *
 * @param ending how it ended
 * @param code its exit code; -1 where it has none
 * @param output the end of what it printed, one text of at most 4,096 characters; empty where it is
 *     withheld
 * @param took how long it ran
 */
public record HookResult(Ending ending, int code, String output, Duration took) {
  /** How a hook ended. */
  public enum Ending {
    /** With exit code 0. */
    DONE,
    /** With another exit code. */
    FAILED,
    /** It ran too long and was killed, with all that it had started. */
    TIMED_OUT,
    /** It cannot be started: there is no such program, or it may not be run. */
    NOT_STARTED,
    /** It printed a value that it was given, in one form or another; its output is withheld. */
    SHOWED_VALUE,
    /** It printed more than 1 MiB, which nobody screens; its output is withheld. */
    TOO_LOUD
  }

  /** What happened, in words for a message, without a full stop. */
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
