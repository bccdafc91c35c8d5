package de.lifetimecircle.secrets.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One measured number: a row of the report. Immutable.
 *
 * <p>With a bound it decides, together with all others of its goal, whether that goal holds;
 * without one it is information. The bound says whether it is for the figure or for its ratio.
 *
 * @param goal the goal, {@code a} or {@code e2}
 * @param what the measured thing, in words
 * @param figure the number; NaN when it could not be measured
 * @param unit its unit: {@code ns}, {@code B/op}, {@code calls}
 * @param beside the number of the same run and unit that it is compared with, or null
 * @param bound the bound to reach, or null for information
 * @param note its origin or the reason for a failure; empty if the rest says everything
 */
public record BenchFigure(
    String goal,
    String what,
    double figure,
    String unit,
    @Nullable Double beside,
    @Nullable GoalBound bound,
    String note) {

  /** Checks that a bound of the ratio has a ratio. */
  public BenchFigure {
    if (bound instanceof GoalBound.OnRatio && beside == null) {
      throw new IllegalArgumentException(what + ": a bound of a ratio, and nothing beside");
    }
  }

  /** Returns a number that no goal speaks of, to read the others beside it. */
  public static BenchFigure information(String goal, String what, double figure, String unit) {
    return new BenchFigure(goal, what, figure, unit, null, null, "");
  }

  /** Returns a number that itself has to reach the limit. */
  public static BenchFigure checked(
      String goal, String what, double figure, String unit, Limit limit) {
    return new BenchFigure(goal, what, figure, unit, null, new GoalBound.OnFigure(limit), "");
  }

  /** Returns a number whose ratio to another one of the same run has to reach the limit. */
  public static BenchFigure compared(
      String goal, String what, double figure, String unit, double beside, Limit limit) {
    return new BenchFigure(goal, what, figure, unit, beside, new GoalBound.OnRatio(limit), "");
  }

  /** Returns the row of a goal that could not be measured, and so does not hold. */
  public static BenchFigure missing(String goal, String what, String reason) {
    return checked(goal, what, Double.NaN, "", Limit.exactly(0)).noted(reason);
  }

  /** Returns the same beside another figure of this run; a bound stays one of the figure. */
  public BenchFigure besides(double other) {
    return new BenchFigure(goal, what, figure, unit, other, bound, note);
  }

  /** Returns the same with a note. */
  public BenchFigure noted(String text) {
    return new BenchFigure(goal, what, figure, unit, beside, bound, text);
  }

  /** Returns the figure divided by the one beside it, if there is one. */
  public OptionalDouble ratio() {
    return beside == null ? OptionalDouble.empty() : OptionalDouble.of(figure / beside);
  }

  /** Returns whether it counts for its goal. */
  public boolean decides() {
    return bound != null;
  }

  /** Returns whether it reaches its bound; true where it has none. */
  public boolean holds() {
    return bound == null || bound.limit().holds(bound.bounded(this));
  }

  /** Returns three digits that count, without an exponent: {@code 0.552}, {@code 19800}. */
  public static String number(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return "-";
    }
    BigDecimal exact = BigDecimal.valueOf(number);
    BigDecimal rounded = exact.round(new MathContext(3, RoundingMode.HALF_UP));
    if (Math.abs(number) >= 100) {
      rounded = exact.setScale(0, RoundingMode.HALF_UP);
    }
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
