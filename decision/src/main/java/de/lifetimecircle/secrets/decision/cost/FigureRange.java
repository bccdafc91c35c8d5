package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Says of a figure of the command line what was expected instead. */
final class FigureRange {
  private FigureRange() {}

  static void require(String option, int number, int least, int most) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s: %d (expected: %d to %d)", option, number, least, most));
    }
  }

  static void require(String option, BigDecimal number, int most) {
    if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: %s (expected: 0 to %d)", option, number.toPlainString(), most));
    }
  }

  static void require(String option, Duration time, Duration least, Duration most) {
    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %s (expected: %s to %s)",
              option,
              words(time),
              words(least),
              words(most)));
    }
  }

  /** The short form that the settings take: {@code 5m}. */
  static String words(Duration time) {
    long millis = time.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = time.toSeconds();
    if (seconds > 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
