package de.lifetimecircle.secrets;

import org.jspecify.annotations.Nullable;

/**
 * The failures of one entry since its last success; an entry whose loads work has none.
 *
 * @param length how many loads failed in a row
 * @param isMiss whether the last failure was an answer of the backend, not its outage
 */
record FailureStreak(int length, boolean isMiss) {

  /** The streak with one failure more. */
  static FailureStreak after(@Nullable FailureStreak before, SecretException error) {
    return new FailureStreak(before == null ? 1 : before.length + 1, !error.retryable());
  }
}
