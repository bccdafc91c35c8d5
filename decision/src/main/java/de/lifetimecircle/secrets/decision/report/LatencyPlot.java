package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Plot;
import de.lifetimecircle.secrets.decision.page.PlotDrawing;
import de.lifetimecircle.secrets.decision.results.Measurement;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Latency by backend on a logarithmic axis: the interval of the median, the median, and the line to
 * p99.9. Immutable.
 *
 * @param rows what to draw, at least one
 * @param words the language
 */
record LatencyPlot(List<Measurement> rows, ReportText words) {
  private static final int ROW = 46;
  private static final int TOP = 8;
  private static final double EDGE = 30;
  private static final double LEAST_BOX = 2;

  /** Returns whether it is a time that a logarithmic axis can show. */
  static boolean canDraw(Measurement row) {
    return MeasurementUnits.isTime(row.unit()) && Double.isFinite(row.median()) && row.median() > 0;
  }

  Plot plot() {
    LogScale scale =
        LogScale.around(
            rows.stream()
                .flatMapToDouble(
                    row ->
                        DoubleStream.of(nanos(row, row.low()), nanos(row, row.median()), end(row))),
            EDGE,
            PlotDrawing.WIDTH - EDGE);
    PlotDrawing drawing = new PlotDrawing();
    int bottom = TOP + ROW * rows.size();
    scale.draw(drawing, TOP, bottom, words);
    for (int i = 0; i < rows.size(); i++) {
      row(drawing, scale, rows.get(i), i);
    }
    return drawing.plot(
        "plot-latency", words.text("plot.latency"), words.text("plot.latency.desc"), bottom + 22);
  }

  private void row(PlotDrawing drawing, LogScale scale, Measurement row, int index) {
    double top = TOP + (double) ROW * index;
    double y = top + 31;
    drawing.text(0, top + 14, "label strong", row.participant());
    drawing.text(
        PlotDrawing.WIDTH,
        top + 14,
        "tick end",
        words.text("plot.latency.row", words.figure(row.median(), row.unit()), tail(row)));
    double median = scale.at(nanos(row, row.median()));
    double end = scale.at(end(row));
    drawing.line(median, y, end, y, "range");
    if (row.p99().isPresent()) {
      double p99 = scale.at(nanos(row, row.p99().getAsDouble()));
      drawing.line(p99, y - 5, p99, y + 5, "thin");
    }
    drawing.line(end, y - 7, end, y + 7, "thin");
    double low = scale.at(nanos(row, row.low()));
    double high = scale.at(nanos(row, row.high()));
    drawing.bar(low, y - 7, Math.max(LEAST_BOX, high - low), 14, "box");
    drawing.mark(median, y, index);
  }

  private String tail(Measurement row) {
    return row.p999().isPresent() ? words.figure(row.p999().getAsDouble(), row.unit()) : "–";
  }

  private static double end(Measurement row) {
    return nanos(row, row.p999().orElse(row.p99().orElse(row.high())));
  }

  private static double nanos(Measurement row, double number) {
    return MeasurementUnits.nanos(number, row.unit());
  }
}
