package de.lifetimecircle.secrets.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays the chapters out: the report itself, and the draft of the decision record. Immutable.
 *
 * @param subject what they are made from
 * @param ranking of the backends
 */
record DecisionPages(Subject subject, Ranking ranking) {
  static DecisionPages of(Subject subject) {
    return new DecisionPages(subject, Ranking.of(subject));
  }

  /** The report in one language. */
  Page report(Words words) {
    List<Block> blocks = new ArrayList<>(new CoverChapter(subject, ranking, words).blocks());
    ScoreChapter score = new ScoreChapter(subject, ranking, words);
    blocks.addAll(score.blocks());
    blocks.add(new Block.Heading(2, "doubts", words.text("doubts")));
    blocks.add(new Block.Items(score.doubts()));
    blocks.addAll(new CriteriaChapter(subject, ranking, words).blocks());
    blocks.addAll(new CostChapter(subject, words).blocks());
    blocks.addAll(new MeasuredChapter(subject, words).blocks());
    blocks.addAll(new DistanceChapter(subject, words).blocks());
    blocks.addAll(new Method(subject, words).blocks());
    return new Page(words, words.text("title"), words.text("subtitle"), blocks);
  }

  /** The draft of the decision record, for people to change and sign. */
  Page record(Words words) {
    CoverChapter cover = new CoverChapter(subject, ranking, words);
    ScoreChapter score = new ScoreChapter(subject, ranking, words);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Paragraph(words.text("record.status", words.day(subject.today()))));
    blocks.add(new Block.Heading(2, "", words.text("record.context")));
    blocks.add(
        new Block.Paragraph(
            words.text(
                "record.context.text",
                words.list(subject.schemes().stream().map(words::backend).toList()))));
    blocks.add(new Block.Heading(2, "", words.text("record.reasons")));
    blocks.add(new Block.Steps(cover.reasons()));
    blocks.add(new Block.Heading(2, "", words.text("record.others")));
    blocks.add(new Block.Items(others(words)));
    blocks.add(new Block.Heading(2, "", words.text("doubts")));
    blocks.add(new Block.Items(score.doubts()));
    List<String> warnings = cover.warnings();
    if (!warnings.isEmpty()) {
      blocks.add(new Block.Heading(2, "", words.text("record.warnings")));
      blocks.add(new Block.Items(warnings));
    }
    blocks.add(new Block.Heading(2, "", words.text("record.signed")));
    blocks.add(
        new Block.Signature(
            Stream.of("sign.name", "sign.place", "sign.signature").map(words::text).toList()));
    String title = words.text("decision.label") + " " + cover.choice();
    return new Page(words, title, "", blocks);
  }

  /** The runners-up, each with where it is better than the winner. */
  private List<String> others(Words words) {
    List<String> others = new ArrayList<>();
    for (Ranking.Row row : ranking.rows().stream().skip(1).toList()) {
      Ranking.Row winner = ranking.rows().get(0);
      List<String> better =
          Stream.of(Criterion.values())
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
