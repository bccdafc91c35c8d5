package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Plot;
import de.lifetimecircle.secrets.decision.page.PlotDrawing;
import java.util.List;

/**
 * The points of each backend under each criterion, as bars with their numbers. Immutable.
 *
 * @param ranking of the backends
 * @param words the language
 */
record ScorePlot(BackendRanking ranking, ReportText words) {
  private static final int ROW = 46;
  private static final int TOP = 44;
  private static final int GAP = 14;

  Plot plot() {
    PlotDrawing drawing = new PlotDrawing();
    List<BackendRanking.Row> rows = ranking.rows();
    double width = (PlotDrawing.WIDTH - GAP * (rows.size() - 1.0)) / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      double x = i * (width + GAP);
      drawing.text(x, 15, "label strong", words.shortBackend(rows.get(i).scheme()));
      drawing.text(x, 32, "tick", words.fixed(rows.get(i).sum(), 1));
    }
    int y = TOP;
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      drawing.text(0, y + 14, "tick", words.criterion(criterion));
      for (int i = 0; i < rows.size(); i++) {
        double points = rows.get(i).of(criterion);
        double x = i * (width + GAP);
        double room = width - 30;
        drawing.bar(x, y + 20, room, 12, "frame");
        drawing.bar(x, y + 20, room * points / TeamJudgement.MOST, 12, "solid");
        drawing.text(x + width, y + 31, "value end", words.fixed(points, 1));
      }
      y += ROW;
    }
    return drawing.plot(
        "plot-score", words.text("plot.score"), words.text("plot.score.desc"), y + 4);
  }
}
