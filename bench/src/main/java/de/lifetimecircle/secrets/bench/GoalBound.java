package de.lifetimecircle.secrets.bench;

/**
 * The bound that a row of the report has to reach. Its type says which number of the row it bounds,
 * so that a number of bytes is never compared with a ratio. Immutable.
 */
public sealed interface GoalBound {
  /** Returns what the bounded number has to reach. */
  Limit limit();

  /** Returns the number of the row that this bounds. */
  double bounded(BenchFigure row);

  /**
   * Bounds the figure itself.
   *
   * @param limit the limit, in the unit of the figure
   */
  record OnFigure(Limit limit) implements GoalBound {
    @Override
    public double bounded(BenchFigure row) {
      return row.figure();
    }

    /** As in the table: {@code <= 300}. */
    @Override
    public String toString() {
      return limit.toString();
    }
  }

  /**
   * Bounds the ratio of the figure to the one beside it.
   *
   * @param limit the limit, a multiple
   */
  record OnRatio(Limit limit) implements GoalBound {
    @Override
    public double bounded(BenchFigure row) {
      return row.ratio().orElse(Double.NaN);
    }

    /** As in the table: {@code ratio <= 1.25}. */
    @Override
    public String toString() {
      return "ratio " + limit;
    }
  }
}
