package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Page;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.report.BackendRanking.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays the chapters out: the report itself, and the draft of the decision record. Immutable.
 *
 * @param subject what they are made from
 * @param ranking of the backends
 */
record DecisionPages(ReportSubject subject, BackendRanking ranking) {
  static DecisionPages of(ReportSubject subject) {
    return new DecisionPages(subject, BackendRanking.of(subject));
  }

  /** The report in one language. */
  Page report(ReportText words) {
    PageDraft page = new PageDraft(words);
    new CoverChapter(subject, ranking, words).write(page);
    new ScoreChapter(subject, ranking, words).write(page);
    new CriteriaChapter(subject, words).write(page);
    new CostChapter(subject, words).write(page);
    new MeasuredChapter(subject, words).write(page);
    new DistanceChapter(subject, words).write(page);
    new MethodChapter(subject, words).write(page);
    return page.page(words.text("title"), words.text("subtitle"));
  }

  /**
   * The first line of the decision record, by which {@code secrets status} judges it in every
   * language. Whoever signs the record writes {@code signed} in the place of {@code draft}.
   */
  String field() {
    return ranking
        .winner()
        .map(row -> "<!-- secrets decision 1 backend=" + row.scheme() + " status=draft -->\n")
        .orElse("");
  }

  /** The draft of the decision record, for people to change and sign. */
  Page record(ReportText words) {
    CoverChapter cover = new CoverChapter(subject, ranking, words);
    List<String> backends = subject.schemes().stream().map(words::backend).toList();
    PageDraft page =
        new PageDraft(words)
            .text("record.status", words.day(subject.today()))
            .headingWithoutId("record.context")
            .text("record.context.text", words.list(backends))
            .headingWithoutId("record.reasons")
            .listing(Kind.STEPS, cover.reasons())
            .headingWithoutId("record.others")
            .listing(Kind.ITEMS, others(words))
            .headingWithoutId("doubts")
            .listing(Kind.ITEMS, new ScoreChapter(subject, ranking, words).doubts());
    List<String> warnings = cover.warnings();
    if (!warnings.isEmpty()) {
      page.headingWithoutId("record.warnings").listing(Kind.ITEMS, warnings);
    }
    return page.headingWithoutId("record.signed")
        .signature()
        .page(words.text("decision.label") + " " + cover.choice(), "");
  }

  /** The runners-up, each with where it is better than the winner. */
  private List<String> others(ReportText words) {
    List<String> others = new ArrayList<>();
    ranking.rows().stream().skip(1).forEach(row -> others.add(other(row, words)));
    ranking
        .unranked()
        .keySet()
        .forEach(scheme -> others.add(words.text("record.unranked", words.backend(scheme))));
    return others.isEmpty() ? List.of(words.text("record.none")) : others;
  }

  private String other(Row row, ReportText words) {
    Row winner = ranking.rows().get(0);
    List<String> better =
        Stream.of(DecisionCriterion.values())
            .filter(criterion -> row.of(criterion) > winner.of(criterion))
            .map(words::criterion)
            .toList();
    return words.text(
        better.isEmpty() ? "record.other" : "record.other.better",
        words.backend(row.scheme()),
        words.fixed(row.sum(), 1),
        words.list(better));
  }
}
