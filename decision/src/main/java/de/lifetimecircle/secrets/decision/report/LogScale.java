package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PlotDrawing;
import java.util.stream.DoubleStream;

/**
 * The position of a time on a logarithmic axis. Immutable.
 *
 * @param from the power of ten (of nanoseconds) at the left
 * @param to the power of ten at the right
 * @param left where the axis begins in the drawing
 * @param right where it ends
 */
record LogScale(int from, int to, double left, double right) {
  /** An axis of whole powers of ten around these times, at least one of them wide. */
  static LogScale around(DoubleStream nanos, double left, double right) {
    double[] logs = nanos.filter(n -> n > 0 && Double.isFinite(n)).map(Math::log10).toArray();
    double least = DoubleStream.of(logs).min().orElse(0);
    double most = DoubleStream.of(logs).max().orElse(1);
    int from = (int) Math.floor(least);
    return new LogScale(from, Math.max(from + 1, (int) Math.ceil(most)), left, right);
  }

  double at(double nanos) {
    double log = Math.log10(Math.max(nanos, Math.pow(10, from)));
    return left + (Math.min(log, to) - from) / (to - from) * (right - left);
  }

  /** Draws the lines of the axis and what they stand for, below them. */
  void draw(PlotDrawing drawing, double top, double bottom, ReportText words) {
    for (int power = from; power <= to; power++) {
      double tick = Math.pow(10, power);
      drawing.line(at(tick), top, at(tick), bottom, "grid");
      drawing.text(at(tick), bottom + 14, "tick middle", tick(tick, words));
    }
  }

  private static String tick(double nanos, ReportText words) {
    return words.figure(nanos, "ns").replaceAll("[.,]0+(?= )", "");
  }
}
