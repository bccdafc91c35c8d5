package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Figures of one kind as a table, with the remarks on them and the overlaps between them.
 * Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record MeasuredTable(ReportSubject subject, ReportText words) {
  /** The overlaps of the figures, then the remarks on them. */
  void remark(PageDraft page, List<Measurement> rows) {
    page.paragraph(overlaps(rows));
    List<String> remarks = remarks(rows);
    if (!remarks.isEmpty()) {
      page.listing(Kind.REMARKS, remarks);
    }
  }

  Table table(String caption, List<Measurement> rows) {
    Table.Columns<Measurement> columns =
        new Table.Columns<Measurement>(words::head)
            .text("backend", this::name)
            .number("median", words::median)
            .number("interval", this::interval);
    if (rows.stream().anyMatch(row -> row.p90().isPresent())) {
      columns
          .named("p90", row -> words.figure(row.p90(), row.unit()))
          .named("p99", row -> words.figure(row.p99(), row.unit()))
          .named("p" + words.plain(99.9), row -> words.figure(row.p999(), row.unit()));
    }
    return columns
        .number("samples", row -> words.whole(row.samples()))
        .table(caption, note(rows), rows);
  }

  /** The participant, and the client where it is not this library. */
  private String name(Measurement row) {
    return row.client().equals(Measurement.PROVIDER)
        ? row.participant()
        : row.participant() + " (" + words.name("client", row.client()) + ")";
  }

  private String interval(Measurement row) {
    return row.low() == row.high() ? ReportText.NOTHING : words.interval(row);
  }

  /** Says which of these figures were real, and what may not be concluded. */
  String note(List<Measurement> rows) {
    return noteOf(rows.stream().map(Measurement::participant).toList());
  }

  /** Says which of these participants were real, and what may not be concluded. */
  String noteOf(Collection<String> names) {
    List<String> sentences = new ArrayList<>();
    for (Realness realness : List.of(Realness.REAL, Realness.NAMED, Realness.EMULATED)) {
      List<String> those =
          subject.comparison().participants().stream()
              .filter(participant -> participant.realness() == realness)
              .map(Participant::name)
              .filter(names::contains)
              .toList();
      if (!those.isEmpty()) {
        sentences.add(words.text("note." + word(realness), words.list(those)));
      }
    }
    return String.join(" ", sentences);
  }

  static String word(Realness realness) {
    return realness.name().toLowerCase(Locale.ROOT);
  }

  /** Lists the pairs whose intervals overlap: the report claims no ranking for them. */
  String overlaps(List<Measurement> rows) {
    return rows.size() < 2
        ? words.text("overlap.single")
        : overlaps(rows, pair -> words.text("pair", name(pair.one()), name(pair.other())));
  }

  /** Lists the pairs whose intervals overlap, each in these words; or says that none do. */
  String overlaps(List<Measurement> rows, Function<Pair, String> text) {
    List<String> pairs = overlapping(rows).stream().map(text).toList();
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
      Measurement one = rows.get(i);
      rows.subList(i + 1, rows.size()).stream()
          .filter(other -> one.isComparableWith(other) && !one.isApartFrom(other))
          .forEach(other -> pairs.add(new Pair(one, other)));
    }
    return pairs;
  }

  /** Returns the remarks on the figures and on the runs before them; the same text only once. */
  private List<String> remarks(List<Measurement> rows) {
    Map<String, Set<String>> namesOf = new LinkedHashMap<>();
    for (Measurement row : rows) {
      List<String> said = new ArrayList<>(row.notes().stream().map(words::said).toList());
      said.add(words.text("warm-up", words.said(row.warmUp())));
      said.forEach(
          remark -> namesOf.computeIfAbsent(remark, r -> new LinkedHashSet<>()).add(name(row)));
    }
    long all = rows.stream().map(this::name).distinct().count();
    Map<String, List<String>> remarksOf = new LinkedHashMap<>();
    namesOf.forEach(
        (remark, names) -> {
          String whose = names.size() == all ? words.text("rows.all") : String.join(", ", names);
          remarksOf.computeIfAbsent(whose, w -> new ArrayList<>()).add(remark);
        });
    return remarksOf.entrySet().stream()
        .map(each -> each.getKey() + ": " + String.join("; ", each.getValue()) + ".")
        .toList();
  }
}
