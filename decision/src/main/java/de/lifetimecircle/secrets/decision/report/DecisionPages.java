package de.lifetimecircle.secrets.decision.report;

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
  ReportPage report(ReportText words) {
    List<PageBlock> blocks = new ArrayList<>(new CoverChapter(subject, ranking, words).blocks());
    ScoreChapter score = new ScoreChapter(subject, ranking, words);
    blocks.addAll(score.blocks());
    blocks.add(new PageBlock.Heading(2, "doubts", words.text("doubts")));
    blocks.add(new PageBlock.Items(score.doubts()));
    blocks.addAll(new CriteriaChapter(subject, ranking, words).blocks());
    blocks.addAll(new CostChapter(subject, words).blocks());
    blocks.addAll(new MeasuredChapter(subject, words).blocks());
    blocks.addAll(new DistanceChapter(subject, words).blocks());
    blocks.addAll(new MethodChapter(subject, words).blocks());
    return new ReportPage(words, words.text("title"), words.text("subtitle"), blocks);
  }

  /**
   * The first line of the decision record, by which {@code secrets status} judges it in every
   * language. Whoever signs the record writes {@code signed} in the place of {@code draft}.
   */
  String field() {
    return ranking.rows().isEmpty()
        ? ""
        : "<!-- secrets decision 1 backend="
            + ranking.rows().get(0).scheme()
            + " status=draft -->\n";
  }

  /** The draft of the decision record, for people to change and sign. */
  ReportPage record(ReportText words) {
    CoverChapter cover = new CoverChapter(subject, ranking, words);
    ScoreChapter score = new ScoreChapter(subject, ranking, words);
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Paragraph(words.text("record.status", words.day(subject.today()))));
    blocks.add(new PageBlock.Heading(2, "", words.text("record.context")));
    blocks.add(
        new PageBlock.Paragraph(
            words.text(
                "record.context.text",
                words.list(subject.schemes().stream().map(words::backend).toList()))));
    blocks.add(new PageBlock.Heading(2, "", words.text("record.reasons")));
    blocks.add(new PageBlock.Steps(cover.reasons()));
    blocks.add(new PageBlock.Heading(2, "", words.text("record.others")));
    blocks.add(new PageBlock.Items(others(words)));
    blocks.add(new PageBlock.Heading(2, "", words.text("doubts")));
    blocks.add(new PageBlock.Items(score.doubts()));
    List<String> warnings = cover.warnings();
    if (!warnings.isEmpty()) {
      blocks.add(new PageBlock.Heading(2, "", words.text("record.warnings")));
      blocks.add(new PageBlock.Items(warnings));
    }
    blocks.add(new PageBlock.Heading(2, "", words.text("record.signed")));
    blocks.add(
        new PageBlock.Signature(
            Stream.of("sign.name", "sign.place", "sign.signature").map(words::text).toList()));
    String title = words.text("decision.label") + " " + cover.choice();
    return new ReportPage(words, title, "", blocks);
  }

  /** The runners-up, each with where it is better than the winner. */
  private List<String> others(ReportText words) {
    List<String> others = new ArrayList<>();
    for (BackendRanking.Row row : ranking.rows().stream().skip(1).toList()) {
      BackendRanking.Row winner = ranking.rows().get(0);
      List<String> better =
          Stream.of(DecisionCriterion.values())
              .filter(criterion -> row.of(criterion) > winner.of(criterion))
              .map(words::criterion)
              .toList();
      others.add(
          better.isEmpty()
              ? words.text("record.other", words.backend(row.scheme()), words.fixed(row.sum(), 1))
              : words.text(
                  "record.other.better",
                  words.backend(row.scheme()),
                  words.fixed(row.sum(), 1),
                  words.list(better)));
    }
    ranking
        .unranked()
        .keySet()
        .forEach(scheme -> others.add(words.text("record.unranked", words.backend(scheme))));
    return others.isEmpty() ? List.of(words.text("record.none")) : others;
  }
}
