package de.lifetimecircle.secrets.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The limits of a backend, as its contract run must test them. Immutable.
 *
 * @param maxBytes the largest value, 256 bytes to 64 MiB; a store refuses larger ones itself, also
 *     if its backend does not
 * @param maxName the longest name, in ASCII characters; the tests need 40
 * @param retained the least number of versions that stay readable, including the current one; with
 *     the capability {@code VERSIONS} at least 2, since the previous one has to be readable
 * @param visibility how long a second client may lag behind an acknowledged write; the tests of a
 *     backend that does not declare {@code READ_AFTER_WRITE} wait for it, unless it is zero
 */
public record StoreLimits(int maxBytes, int maxName, int retained, Duration visibility) {
  /** The longest canary has 127 characters. */
  private static final int MIN_BYTES = 256;

  /** The tests hold some values of this size at once. */
  private static final int MAX_BYTES = 1 << 26;

  private static final int MIN_NAME = 40;

  /** Checks that there is room to test. */
  public StoreLimits {
    if (maxBytes < MIN_BYTES
        || maxBytes > MAX_BYTES
        || maxName < MIN_NAME
        || retained < 1
        || visibility.isNegative()) {
      throw new IllegalArgumentException(
          "limits: "
              + List.of(maxBytes, maxName, retained, visibility)
              + String.format(
                  Locale.ROOT,
                  " (expected: %d to %d, >= %d, >= 1, >= 0)",
                  MIN_BYTES,
                  MAX_BYTES,
                  MIN_NAME));
    }
  }

  /** Limits of that size and length; ten versions kept, two seconds to become visible. */
  public static StoreLimits of(int maxBytes, int maxName) {
    return new StoreLimits(maxBytes, maxName, 10, Duration.ofSeconds(2));
  }
}
