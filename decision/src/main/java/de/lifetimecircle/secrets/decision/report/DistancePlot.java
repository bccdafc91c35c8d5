package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Plot;
import de.lifetimecircle.secrets.decision.page.PlotDrawing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cached and cold reads at each distance on one logarithmic axis: the gap is what the cache is
 * worth. Immutable.
 *
 * @param rows what to draw, at least one
 * @param names of the participants, whose place in the list decides their mark
 * @param words the language
 */
record DistancePlot(List<DistanceChapter.Row> rows, List<String> names, ReportText words) {
  private static final int TOP = 10;
  private static final int ROW = 54;
  private static final double EDGE = 30;

  Plot plot() {
    LogScale scale =
        LogScale.around(
            rows.stream()
                .flatMap(row -> Stream.concat(Stream.of(row.cold()), row.cached().stream()))
                .mapToDouble(MeasurementUnits::nanos),
            EDGE,
            PlotDrawing.WIDTH - EDGE);
    List<Double> distances = rows.stream().map(DistanceChapter.Row::roundTrip).distinct().toList();
    PlotDrawing drawing = new PlotDrawing();
    int bottom = TOP + ROW * distances.size();
    scale.draw(drawing, TOP, bottom, words);
    for (int i = 0; i < distances.size(); i++) {
      distance(drawing, scale, distances.get(i), TOP + ROW * i);
    }
    int legend = drawing.legend(bottom + 26, names);
    return drawing.plot(
        "plot-distance",
        words.text("plot.distance"),
        words.text("plot.distance.desc"),
        bottom + 26 + legend);
  }

  private void distance(PlotDrawing drawing, LogScale scale, double distance, int top) {
    List<DistanceChapter.Row> there =
        rows.stream().filter(row -> row.roundTrip() == distance).toList();
    double y = top + 36;
    drawing.text(
        0, top + 16, "label strong", words.text("plot.distance.row", words.plain(distance)));
    double from = Double.MAX_VALUE;
    double to = 0;
    for (DistanceChapter.Row row : there) {
      double cold = scale.at(MeasurementUnits.nanos(row.cold()));
      from =
          Math.min(from, row.cached().map(m -> scale.at(MeasurementUnits.nanos(m))).orElse(cold));
      to = Math.max(to, cold);
    }
    drawing.line(from, y, to, y, "range");
    for (DistanceChapter.Row row : there) {
      int mark = names.indexOf(row.participant());
      row.cached().ifPresent(m -> drawing.mark(scale.at(MeasurementUnits.nanos(m)), y, mark));
      drawing.mark(scale.at(MeasurementUnits.nanos(row.cold())), y, mark);
    }
    double[] worth = there.stream().flatMap(r -> r.worth().stream()).mapToDouble(w -> w).toArray();
    if (worth.length > 0) {
      double least = Arrays.stream(worth).min().getAsDouble();
      double most = Arrays.stream(worth).max().getAsDouble();
      drawing.text(
          PlotDrawing.WIDTH,
          top + 16,
          "tick end",
          words.text("plot.distance.worth", words.number(least), words.number(most)));
    }
  }
}
