package de.lifetimecircle.secrets.bench;

import java.util.Locale;

/**
 * The bound that a figure has to reach. Immutable.
 *
 * @param relation the relation of the figure to the limit
 * @param limit the limit, in the unit of the figure
 */
public record GoalBound(Relation relation, double limit) {
  /** How a figure stands to its limit. */
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
  }

  /** Not above the limit. */
  public static GoalBound atMost(double limit) {
    return new GoalBound(Relation.AT_MOST, limit);
  }

  /** Not below the limit. */
  public static GoalBound atLeast(double limit) {
    return new GoalBound(Relation.AT_LEAST, limit);
  }

  /** Returns a bound that only the limit itself meets, for counts. */
  public static GoalBound exactly(double limit) {
    return new GoalBound(Relation.EXACTLY, limit);
  }

  /** Returns whether the number reaches the bound; a failed measurement (NaN) never does. */
  public boolean holds(double number) {
    return switch (relation) {
      case AT_MOST -> number <= limit;
      case AT_LEAST -> number >= limit;
      case EXACTLY -> number == limit;
    };
  }

  /** As in the table: {@code <= 1.25}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s", relation.sign, BenchFigure.number(limit));
  }
}
