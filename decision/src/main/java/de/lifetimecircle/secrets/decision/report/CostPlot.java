package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.BackendFigures;
import de.lifetimecircle.secrets.decision.page.Plot;
import de.lifetimecircle.secrets.decision.page.PlotDrawing;
import java.util.List;

/**
 * Dollars a month by backend: what is paid, then the hours of work. Immutable.
 *
 * @param backends what to draw, at least one
 * @param words the language
 */
record CostPlot(List<BackendFigures> backends, ReportText words) {
  private static final int ROW = 44;
  private static final int TOP = 34;
  private static final String HATCH = "hatch-cost";

  Plot plot() {
    PlotDrawing drawing = new PlotDrawing();
    drawing.hatching(HATCH);
    drawing.bar(0, 4, 14, 14, "solid");
    drawing.text(20, 16, "tick", words.text("head.cost.paid"));
    drawing.hatchedBar(PlotDrawing.WIDTH / 2.0, 4, 14, 14, HATCH);
    drawing.text(PlotDrawing.WIDTH / 2.0 + 20, 16, "tick", words.text("head.cost.work"));
    double most = backends.stream().mapToDouble(CostPlot::total).max().orElse(1);
    double scale = PlotDrawing.WIDTH / Math.max(1, most);
    for (int i = 0; i < backends.size(); i++) {
      BackendFigures backend = backends.get(i);
      double top = TOP + (double) ROW * i;
      double paid = backend.dollars().paid().doubleValue() * scale;
      double work = backend.dollars().work().doubleValue() * scale;
      drawing.text(0, top + 14, "label strong", words.backend(backend.scheme()));
      drawing.text(
          PlotDrawing.WIDTH - 2,
          top + 14,
          "value end",
          words.dollars(backend.dollars().total()) + " $");
      drawing.bar(0, top + 20, paid, 14, "solid");
      drawing.hatchedBar(paid, top + 20, work, 14, HATCH);
    }
    return drawing.plot(
        "plot-cost",
        words.text("plot.cost"),
        words.text("plot.cost.desc"),
        TOP + ROW * backends.size() + 4);
  }

  private static double total(BackendFigures backend) {
    return backend.dollars().total().doubleValue();
  }
}
