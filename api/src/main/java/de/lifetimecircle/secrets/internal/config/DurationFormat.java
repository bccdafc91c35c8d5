package de.lifetimecircle.secrets.internal.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * Reads times as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code
 * 7d}.
 */
public final class DurationFormat {
  /** Longer times are mistakes, and would overflow nanoseconds at 292 years. */
  public static final Duration LONGEST = Duration.ofDays(365);

  private static final int MOST_DIGITS = 9;

  private DurationFormat() {}

  /**
   * Reads a short form or an ISO 8601 duration.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Duration parse(String text) {
    int digits = digits(text);
    if (digits == 0) {
      return iso(text);
    }
    long count = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> iso(text);
    };
  }

  /** How many digits a number with a unit begins with; 0 for none, or for more than nine. */
  static int digits(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    return digits > MOST_DIGITS ? 0 : digits;
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a duration", e);
    }
  }
}
