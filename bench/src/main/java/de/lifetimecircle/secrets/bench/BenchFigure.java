package de.lifetimecircle.secrets.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One measured number: a row of the report. Immutable.
 *
 * <p>With a bound it decides, together with all others of its goal, whether that goal holds;
 * without one it is information. The bound is for the ratio where there is one, else for the
 * figure.
 *
 * @param goal the letter of the goal, {@code a} to {@code j}
 * @param what the measured thing, in words
 * @param figure the number; NaN when it could not be measured
 * @param unit its unit: {@code ns}, {@code B/op}, {@code calls}
 * @param ratio the figure beside the one it is compared with, or null
 * @param bound the bound to reach, or null for information
 * @param note its origin or the reason for a failure; empty if the rest says everything
 */
public record BenchFigure(
    String goal,
    String what,
    double figure,
    String unit,
    @Nullable Double ratio,
    @Nullable GoalBound bound,
    String note) {

  /** A number that no goal speaks of, to read the others beside it. */
  public static BenchFigure information(String goal, String what, double figure, String unit) {
    return new BenchFigure(goal, what, figure, unit, null, null, "");
  }

  /** A number that itself has to reach the bound. */
  public static BenchFigure checked(
      String goal, String what, double figure, String unit, GoalBound bound) {
    return new BenchFigure(goal, what, figure, unit, null, bound, "");
  }

  /** A number whose ratio to another one of the same run has to reach the bound. */
  public static BenchFigure compared(
      String goal, String what, double figure, String unit, double ratio, GoalBound bound) {
    return new BenchFigure(goal, what, figure, unit, ratio, bound, "");
  }

  /** A goal that could not be measured, and so does not hold. */
  public static BenchFigure missing(String goal, String what, String reason) {
    return new BenchFigure(goal, what, Double.NaN, "", null, GoalBound.exactly(0), reason);
  }

  /** The same with a ratio to another figure of this run, for information. */
  public BenchFigure besides(double other) {
    return new BenchFigure(goal, what, figure, unit, figure / other, bound, note);
  }

  /** The same with a note. */
  public BenchFigure noted(String text) {
    return new BenchFigure(goal, what, figure, unit, ratio, bound, text);
  }

  /** Whether it counts for its goal. */
  public boolean decides() {
    return bound != null;
  }

  /** Whether it reaches its bound; true where it has none. */
  public boolean holds() {
    return bound == null || bound.holds(ratio == null ? figure : ratio);
  }

  /** Three digits that count, without an exponent: {@code 0.552}, {@code 19800}. */
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
