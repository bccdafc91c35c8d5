package de.lifetimecircle.secrets.operations.wiring;

import java.time.Duration;

/**
 * How long a reaction to changes waits for others.
 *
 * @param quiet how long no further change may come before the reaction; five names that are rotated
 *     together then cause one
 * @param longest how long further changes put the reaction off at most
 */
public record ReactionDelay(Duration quiet, Duration longest) {
  /** The default: 2 seconds, at most 10. */
  public static final ReactionDelay USUAL =
      new ReactionDelay(Duration.ofSeconds(2), Duration.ofSeconds(10));

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if one is negative or the longest is shorter than the other
   */
  public ReactionDelay {
    if (quiet.isNegative() || longest.compareTo(quiet) < 0) {
      throw new IllegalArgumentException(
          "quiet: " + quiet + ", longest: " + longest + " (expected: 0 <= quiet <= longest)");
    }
  }

  /** Returns the timing with this quiet time, and five times as much as the longest. */
  public static ReactionDelay quiet(Duration quiet) {
    return new ReactionDelay(quiet, quiet.multipliedBy(5));
  }
}
