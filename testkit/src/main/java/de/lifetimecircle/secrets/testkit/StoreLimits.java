package de.lifetimecircle.secrets.testkit;

import java.time.Duration;
import java.util.List;

/**
 * The limits of a backend, as its contract run must test them. Immutable.
 *
 * @param maxBytes the largest value
 * @param maxName the longest name, in ASCII characters
 * @param retained the least number of versions that stay readable, including the current one
 * @param visibility how long a second client may lag behind an acknowledged write
 */
public record StoreLimits(int maxBytes, int maxName, int retained, Duration visibility) {
  /** Checks that there is room to test. */
  public StoreLimits {
    if (maxBytes < 1 || maxName < 40 || retained < 1 || visibility.isNegative()) {
      throw new IllegalArgumentException(
          "limits: "
              + List.of(maxBytes, maxName, retained, visibility)
              + " (expected: >= 1, >= 40, >= 1, >= 0)");
    }
  }

  /** Limits of that size and length; ten versions kept, two seconds to become visible. */
  public static StoreLimits of(int maxBytes, int maxName) {
    return new StoreLimits(maxBytes, maxName, 10, Duration.ofSeconds(2));
  }
}
