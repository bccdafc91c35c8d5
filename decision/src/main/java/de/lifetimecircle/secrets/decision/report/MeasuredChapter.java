package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.List;
import java.util.Locale;

/**
 * Everything that was measured without a distance in between. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 * @param tables of the figures
 */
record MeasuredChapter(ReportSubject subject, ReportText words, MeasuredTable tables) {
  /** The kinds that this report has texts for, in its order. */
  static final List<String> ORDER =
      List.of(
          "cold-get",
          "cached-get",
          "batch-1",
          "batch-20",
          "batch-100",
          "get-by-version",
          "put",
          "list",
          "start-to-first-secret",
          "recovery",
          "visibility",
          "visibility-late",
          "rotation",
          "throttle",
          "cpu-per-1000-reads",
          "memory");

  private static final String COLD = "cold-get";

  /** Before the id of a call of the open loop, it is the id of the same call by JMH. */
  private static final String JMH = "jmh-";

  MeasuredChapter(ReportSubject subject, ReportText words) {
    this(subject, words, new MeasuredTable(subject, words));
  }

  void write(PageDraft page) {
    page.heading(2, "measured").text("measured.text").add(participants());
    for (String id : subject.measuredIds(ORDER)) {
      List<Measurement> rows =
          near(id).stream().filter(m -> m.client().equals(Measurement.PROVIDER)).toList();
      if (!rows.isEmpty() && !id.startsWith(JMH)) {
        measurement(page, id, rows);
      }
      if (id.equals(COLD)) {
        peers(page);
      }
    }
    jmh(page);
    List<ResultText> omitted =
        subject.comparison().failures().stream().filter(ResultText::isOmission).toList();
    if (!omitted.isEmpty()) {
      page.heading(3, "omitted").listing(Kind.ITEMS, omitted.stream().map(words::said).toList());
    }
  }

  private Table participants() {
    return new Table.Columns<Participant>(words::head)
        .text("participant", Participant::name)
        .text("backend", each -> words.backend(each.scheme()))
        .text("server", each -> words.said(each.server()))
        .text("realness", each -> realness("realness.", each))
        .text("means", each -> realness("realness.means.", each))
        .table(
            words.text("participants.caption"),
            words.text("participants.note"),
            subject.comparison().participants());
  }

  private String realness(String key, Participant participant) {
    return words.text(key + MeasuredTable.word(participant.realness()));
  }

  private List<Measurement> near(String id) {
    return subject.measured(id).stream().filter(m -> m.roundTripMillis() == 0).toList();
  }

  private void measurement(PageDraft page, String id, List<Measurement> rows) {
    String anchor = "measure-" + id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    page.add(new PageBlock.Heading(3, anchor, words.measure(id)));
    if (words.knows("measure.text." + id)) {
      page.text("measure.text." + id);
    }
    Table table = tables.table(words.text("measured.caption", words.measure(id)), rows);
    List<Measurement> drawn = rows.stream().filter(LatencyPlot::canDraw).toList();
    page.add(
        id.equals(COLD) && !drawn.isEmpty()
            ? new PageBlock.Figure(new LatencyPlot(drawn, words).plot(), table)
            : table);
    tables.remark(page, rows);
  }

  /** The same work done by other clients, beside ours on the same backend. */
  private void peers(PageDraft page) {
    List<Measurement> all = near(COLD);
    List<Measurement> rows =
        all.stream()
            .filter(m -> !m.client().equals(Measurement.PROVIDER))
            .map(Measurement::participant)
            .distinct()
            .flatMap(name -> all.stream().filter(m -> m.participant().equals(name)))
            .toList();
    if (!rows.isEmpty()) {
      page.heading(3, "peers").text("peers.text").add(tables.table(words.text("peers"), rows));
      tables.remark(page, rows);
    }
  }

  /** The same calls measured by JMH, one after another, beside those of the open loop. */
  private void jmh(PageDraft page) {
    List<Measurement> rows =
        ORDER.stream().flatMap(id -> subject.measured(JMH + id).stream()).toList();
    if (rows.isEmpty()) {
      return;
    }
    Table table =
        new Table.Columns<Measurement>(words::head)
            .text("call", row -> words.measure(ofOpenLoop(row)))
            .text("participant", Measurement::participant)
            .number("median", words::median)
            .number("interval", words::interval)
            .named("p99", row -> words.figure(row.p99(), row.unit()))
            .number("samples", row -> words.whole(row.samples()))
            .number("open", this::openLoop)
            .table(words.text("jmh.caption"), tables.note(rows), rows);
    List<String> overlaps =
        rows.stream()
            .map(Measurement::id)
            .distinct()
            .map(id -> rows.stream().filter(row -> row.id().equals(id)).toList())
            .map(same -> words.measure(ofOpenLoop(same.get(0))) + ": " + tables.overlaps(same))
            .toList();
    page.heading(3, "jmh").text("jmh.text").add(table).listing(Kind.ITEMS, overlaps);
  }

  private static String ofOpenLoop(Measurement row) {
    return row.id().substring(JMH.length());
  }

  /** The median of the same call when it came at a moment of its own. */
  private String openLoop(Measurement row) {
    return words.median(subject.measured(ofOpenLoop(row), row.participant(), 0));
  }
}
