package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Figures of one kind as a table, with the remarks on them and the overlaps between them.
 * Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record MeasuredTable(ReportSubject subject, ReportText words) {
  private static final String NOTHING = "–";

  /** The table, then the overlaps, then the notes. */
  List<PageBlock> blocks(String caption, List<Measurement> rows) {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(grid(caption, rows));
    blocks.add(new PageBlock.Paragraph(overlaps(rows)));
    blocks.addAll(remarks(rows));
    return blocks;
  }

  PageBlock.Grid grid(String caption, List<Measurement> rows) {
    boolean distribution = rows.stream().anyMatch(row -> row.p90().isPresent());
    List<String> heads =
        new ArrayList<>(
            List.of(
                words.text("head.backend"),
                words.text("head.median"),
                words.text("head.interval")));
    if (distribution) {
      heads.addAll(List.of("p90", "p99", "p" + words.plain(99.9)));
    }
    heads.add(words.text("head.samples"));
    List<List<String>> cells = new ArrayList<>();
    for (Measurement row : rows) {
      List<String> line = new ArrayList<>();
      line.add(name(row));
      line.add(words.figure(row.median(), row.unit()));
      line.add(interval(row));
      if (distribution) {
        line.add(figure(row.p90(), row.unit()));
        line.add(figure(row.p99(), row.unit()));
        line.add(figure(row.p999(), row.unit()));
      }
      line.add(words.whole(row.samples()));
      cells.add(line);
    }
    return new PageBlock.Grid(
        caption, new RealnessNotes(subject, words).note(rows), heads, cells, 1);
  }

  /** The participant, and the client where it is not this library. */
  String name(Measurement row) {
    return row.client().equals(Measurement.PROVIDER)
        ? row.participant()
        : row.participant() + " (" + words.name("client", row.client()) + ")";
  }

  private String interval(Measurement row) {
    return row.low() == row.high() ? NOTHING : words.interval(row.low(), row.high(), row.unit());
  }

  private String figure(OptionalDouble figure, String unit) {
    return figure.isPresent() ? words.figure(figure.getAsDouble(), unit) : NOTHING;
  }

  /** Lists the pairs whose intervals overlap: the report claims no ranking for them. */
  String overlaps(List<Measurement> rows) {
    List<String> pairs = new ArrayList<>();
    for (Pair pair : overlapping(rows)) {
      pairs.add(words.text("pair", name(pair.one()), name(pair.other())));
    }
    if (rows.size() < 2) {
      return words.text("overlap.single");
    }
    return pairs.isEmpty()
        ? words.text("overlap.none")
        : words.text("overlap", String.join("; ", pairs));
  }

  /**
   * Two figures whose intervals overlap.
   *
   * @param one the one that was measured first
   * @param other the other one
   */
  record Pair(Measurement one, Measurement other) {}

  /** The pairs at one distance in one unit that do not differ by more than their uncertainty. */
  static List<Pair> overlapping(List<Measurement> rows) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = i + 1; j < rows.size(); j++) {
        Measurement one = rows.get(i);
        Measurement other = rows.get(j);
        if (isComparable(one, other) && !one.isApartFrom(other)) {
          pairs.add(new Pair(one, other));
        }
      }
    }
    return pairs;
  }

  private static boolean isComparable(Measurement one, Measurement other) {
    return one.id().equals(other.id())
        && one.unit().equals(other.unit())
        && one.roundTripMillis() == other.roundTripMillis();
  }

  /** Returns the remarks on the figures and on the runs before them; the same text only once. */
  private List<PageBlock> remarks(List<Measurement> rows) {
    Map<String, List<String>> remarks = new LinkedHashMap<>();
    for (Measurement row : rows) {
      List<String> said = new ArrayList<>(row.notes().stream().map(words::said).toList());
      said.add(words.text("warm-up", words.said(row.warmUp())));
      said.forEach(
          remark -> remarks.computeIfAbsent(remark, r -> new ArrayList<>()).add(name(row)));
    }
    Map<String, List<String>> byRows = new LinkedHashMap<>();
    long all = rows.stream().map(this::name).distinct().count();
    remarks.forEach(
        (remark, names) -> {
          List<String> those = names.stream().distinct().toList();
          String whose = those.size() == all ? words.text("rows.all") : String.join(", ", those);
          byRows.computeIfAbsent(whose, w -> new ArrayList<>()).add(remark);
        });
    List<String> items = new ArrayList<>();
    byRows.forEach((whose, said) -> items.add(whose + ": " + String.join("; ", said) + "."));
    return items.isEmpty() ? List.of() : List.of(new PageBlock.Remarks(items));
  }
}
