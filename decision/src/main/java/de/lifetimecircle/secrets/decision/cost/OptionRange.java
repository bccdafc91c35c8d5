package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.Duration;

/** Checks a numeric option and describes its valid range. */
final class OptionRange {
  private OptionRange() {}

  /** Returns the figure if it is in the range. */
  static <T extends Comparable<T>> T require(String option, T figure, T least, T most) {
    if (figure.compareTo(least) < 0 || figure.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          option
              + ": "
              + words(figure)
              + " (expected: "
              + words(least)
              + " to "
              + words(most)
              + ")");
    }
    return figure;
  }

  private static String words(Comparable<?> figure) {
    if (figure instanceof Duration time) {
      return words(time);
    }
    return figure instanceof BigDecimal number ? number.toPlainString() : String.valueOf(figure);
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
