package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.decision.results.RecordJson;
import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All figures of a run, as a table for people and as JSON. Immutable.
 *
 * @param machine where and when they were taken
 * @param figures the figures, in the order they were taken
 */
record BenchReport(Map<String, String> machine, List<BenchFigure> figures) {
  private static final String FIGURE = "figure";
  private static final String RATIO = "ratio";
  private static final List<String> HEADER =
      List.of("goal", "what", FIGURE, "unit", RATIO, "bound", "holds", "note");

  BenchReport {
    figures = List.copyOf(figures);
  }

  /** Each goal that was measured, and whether all its figures reach their bounds. */
  Map<String, Boolean> goals() {
    Map<String, Boolean> goals = new TreeMap<>();
    for (BenchFigure figure : figures) {
      if (figure.decides()) {
        goals.merge(figure.goal(), figure.holds(), Boolean::logicalAnd);
      }
    }
    return goals;
  }

  /** Whether at least one goal was measured, and each that was holds. */
  boolean holds() {
    return !goals().isEmpty() && !goals().containsValue(false);
  }

  /**
   * Returns the table: first the goals that fail and why, then all figures, last the number of
   * goals that hold.
   */
  String table() {
    StringBuilder text = new StringBuilder();
    List<BenchFigure> broken = figures.stream().filter(figure -> !figure.holds()).toList();
    if (!broken.isEmpty()) {
      text.append("Does not hold:\n");
      broken.forEach(figure -> text.append("  ").append(sentence(figure)).append('\n'));
      text.append('\n');
    }
    appendRows(text, rows());
    text.append('\n').append(machineLine()).append('\n').append(lastLine()).append('\n');
    return text.toString();
  }

  private static String sentence(BenchFigure figure) {
    String note = figure.note().isEmpty() ? "" : ": " + figure.note();
    GoalBound bound = Objects.requireNonNull(figure.bound());
    return Double.isNaN(figure.figure())
        ? String.format(Locale.ROOT, "%s  %s: not measured%s", figure.goal(), figure.what(), note)
        : String.format(
            Locale.ROOT,
            "%s  %s: %s (expected: %s)%s",
            figure.goal(),
            figure.what(),
            BenchFigure.number(bound.bounded(figure)),
            bound,
            note);
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    figures.stream()
        .sorted(Comparator.comparing(BenchFigure::goal)) // stable: as taken within one goal
        .map(BenchReport::row)
        .forEach(rows::add);
    return rows;
  }

  private static List<String> row(BenchFigure figure) {
    return List.of(
        figure.goal(),
        figure.what(),
        BenchFigure.number(figure.figure()),
        figure.unit(),
        ratio(figure),
        figure.decides() ? String.valueOf(figure.bound()) : "",
        figure.decides() ? (figure.holds() ? "yes" : "NO") : "",
        figure.note());
  }

  private static String ratio(BenchFigure figure) {
    OptionalDouble ratio = figure.ratio();
    return ratio.isEmpty() ? "" : BenchFigure.number(ratio.getAsDouble());
  }

  private static void appendRows(StringBuilder text, List<List<String>> rows) {
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String gap = " ".repeat(widths[i] - row.get(i).length());
        boolean isNumber = i == HEADER.indexOf(FIGURE) || i == HEADER.indexOf(RATIO);
        line.append(isNumber ? gap + row.get(i) : row.get(i) + gap).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private String machineLine() {
    return String.join(", ", machine.entrySet().stream().map(f -> f.toString()).toList());
  }

  private String lastLine() {
    long held = goals().values().stream().filter(h -> h).count();
    return String.format(Locale.ROOT, "%d of %d goals hold", held, goals().size());
  }

  /** The same as JSON (RFC 8259), one figure a line. */
  String json() {
    return RecordJson.text(
        RecordJson.object(
            "machine", machine,
            "goals", goals(),
            "figures", figures.stream().map(BenchReport::fields).toList()),
        "figures");
  }

  private static Map<String, @Nullable Object> fields(BenchFigure figure) {
    Map<String, @Nullable Object> fields =
        RecordJson.object(
            "goal",
            figure.goal(),
            "what",
            figure.what(),
            FIGURE,
            exact(figure.figure()),
            "unit",
            figure.unit());
    if (figure.beside() != null) {
      fields.put("beside", exact(figure.beside()));
      fields.put(RATIO, exact(figure.ratio().orElse(Double.NaN)));
    }
    GoalBound bound = figure.bound();
    if (bound != null) {
      fields.put(
          "bound",
          RecordJson.object(
              "of", bound instanceof GoalBound.OnRatio ? RATIO : FIGURE,
              "is", bound.limit().relation().sign(),
              "limit", exact(bound.limit().number())));
      fields.put("holds", figure.holds());
    }
    if (!figure.note().isEmpty()) {
      fields.put("note", figure.note());
    }
    return fields;
  }

  /**
   * Reads a report that {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static BenchReport of(String json) {
    if (!(Json.parse(json) instanceof Map<?, ?> report)
        || !(report.get("figures") instanceof List<?> rows)) {
      throw new IllegalArgumentException("Cannot read the report: it has no figures.");
    }
    Map<String, String> machine = new LinkedHashMap<>();
    Json.object(report, "machine").forEach((k, v) -> machine.put((String) k, (String) v));
    return new BenchReport(machine, rows.stream().map(row -> figure((Map<?, ?>) row)).toList());
  }

  private static BenchFigure figure(Map<?, ?> fields) {
    Double beside = fields.containsKey("beside") ? number(fields, "beside") : null;
    String note = fields.containsKey("note") ? Json.text(fields, "note") : "";
    return new BenchFigure(
        Json.text(fields, "goal"),
        Json.text(fields, "what"),
        number(fields, FIGURE),
        Json.text(fields, "unit"),
        beside,
        fields.containsKey("bound") ? bound(Json.object(fields, "bound")) : null,
        note);
  }

  private static GoalBound bound(Map<?, ?> fields) {
    Limit limit = new Limit(Limit.Relation.of(Json.text(fields, "is")), number(fields, "limit"));
    return switch (Json.text(fields, "of")) {
      case FIGURE -> new GoalBound.OnFigure(limit);
      case RATIO -> new GoalBound.OnRatio(limit);
      default -> throw new IllegalArgumentException("Bound: of neither the figure nor the ratio");
    };
  }

  /** Returns NaN for null, the JSON of a number that could not be measured. */
  private static double number(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** Returns null for infinity and NaN, which JSON cannot express. */
  private static @Nullable BigDecimal exact(double number) {
    return Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
  }
}
