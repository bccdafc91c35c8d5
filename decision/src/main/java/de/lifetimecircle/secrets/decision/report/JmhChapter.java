package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import java.util.ArrayList;
import java.util.List;

/**
 * The same calls measured by JMH, one after another, beside those of the open loop. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record JmhChapter(ReportSubject subject, ReportText words) {
  /** The prefix of these measurements' ids; the rest is the id of the open loop. */
  static final String PREFIX = "jmh-";

  private static final String NOTHING = "–";

  static boolean isOfJmh(String id) {
    return id.startsWith(PREFIX);
  }

  List<PageBlock> blocks() {
    List<Measurement> rows = new ArrayList<>();
    for (String id : MeasuredChapter.ORDER) {
      rows.addAll(subject.measured(PREFIX + id));
    }
    if (rows.isEmpty()) {
      return List.of();
    }
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(3, "jmh", words.text("jmh")));
    blocks.add(new PageBlock.Paragraph(words.text("jmh.text")));
    blocks.add(grid(rows));
    blocks.add(new PageBlock.Items(overlaps(rows)));
    return blocks;
  }

  private PageBlock.Grid grid(List<Measurement> rows) {
    List<List<String>> cells = new ArrayList<>();
    for (Measurement row : rows) {
      cells.add(
          List.of(
              call(row),
              row.participant(),
              words.figure(row.median(), row.unit()),
              words.interval(row.low(), row.high(), row.unit()),
              row.p99().isPresent() ? words.figure(row.p99().getAsDouble(), row.unit()) : NOTHING,
              words.whole(row.samples()),
              openLoop(row)));
    }
    return new PageBlock.Grid(
        words.text("jmh.caption"),
        new RealnessNotes(subject, words).note(rows),
        List.of(
            words.text("head.call"),
            words.text("head.participant"),
            words.text("head.median"),
            words.text("head.interval"),
            "p99",
            words.text("head.samples"),
            words.text("head.open")),
        cells,
        2);
  }

  private String call(Measurement row) {
    return words.measure(ofOpenLoop(row));
  }

  private static String ofOpenLoop(Measurement row) {
    return row.id().substring(PREFIX.length());
  }

  /** The median of the same call when it came at a moment of its own. */
  private String openLoop(Measurement row) {
    return subject
        .measured(ofOpenLoop(row), row.participant(), 0)
        .map(m -> words.figure(m.median(), m.unit()))
        .orElse(NOTHING);
  }

  /** Returns, call by call, the participants whose intervals overlap. */
  private List<String> overlaps(List<Measurement> rows) {
    List<String> items = new ArrayList<>();
    MeasuredTable table = new MeasuredTable(subject, words);
    for (String id : rows.stream().map(Measurement::id).distinct().toList()) {
      List<Measurement> same = rows.stream().filter(row -> row.id().equals(id)).toList();
      items.add(call(same.get(0)) + ": " + table.overlaps(same));
    }
    return items;
  }
}
