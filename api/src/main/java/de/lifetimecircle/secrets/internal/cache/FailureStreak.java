package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one entry since its last success; an entry whose loads work has none.
 *
 * @param length how many loads failed in a row
 * @param isRetryable whether the last failure may pass by itself, as that of an outage
 */
record FailureStreak(int length, boolean isRetryable) {

  /** The streak with one failure more. */
  static FailureStreak after(@Nullable FailureStreak before, SecretException error) {
    return new FailureStreak(before == null ? 1 : before.length + 1, error.retryable());
  }

  /** Whether the backend says that there is no such secret, or no such version, any more. */
  static boolean isGone(SecretException error) {
    return switch (error.kind()) {
      case NOT_FOUND, VERSION_NOT_FOUND, PENDING_DELETION -> true;
      default -> false;
    };
  }
}
