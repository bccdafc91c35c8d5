package de.lifetimecircle.secrets.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * A number that another one has to reach. Immutable.
 *
 * @param relation how the other number has to stand to it
 * @param number the number
 */
public record Limit(Relation relation, double number) {
  /** How a number stands to its limit. */
  public enum Relation {
    /** Not above it. */
    AT_MOST("<="),
    /** Not below it. */
    AT_LEAST(">="),
    /** The same number. */
    EXACTLY("=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    /** Returns the sign that the table and the JSON show: {@code <=}. */
    String sign() {
      return sign;
    }

    /**
     * Returns the relation with that sign.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Relation of(String sign) {
      return Arrays.stream(values())
          .filter(each -> each.sign.equals(sign))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("Relation: " + sign));
    }
  }

  /** Returns a limit that a number may not exceed. */
  public static Limit atMost(double number) {
    return new Limit(Relation.AT_MOST, number);
  }

  /** Returns a limit that a number may not stay below. */
  public static Limit atLeast(double number) {
    return new Limit(Relation.AT_LEAST, number);
  }

  /** Returns a limit that only the number itself reaches, for counts. */
  public static Limit exactly(double number) {
    return new Limit(Relation.EXACTLY, number);
  }

  /** Returns whether the number reaches the limit; a failed measurement (NaN) never does. */
  public boolean holds(double other) {
    return switch (relation) {
      case AT_MOST -> other <= number;
      case AT_LEAST -> other >= number;
      case EXACTLY -> other == number;
    };
  }

  /** As in the table: {@code <= 1.25}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s", relation.sign, BenchFigure.number(number));
  }
}
