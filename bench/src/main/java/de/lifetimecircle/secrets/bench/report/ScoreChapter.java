package de.lifetimecircle.secrets.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The weighted sum, and which weight would change the winner. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 * @param words the language
 */
record ScoreChapter(Subject subject, Ranking ranking, Words words) {
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Heading(2, "score", words.text("score")));
    blocks.add(new Block.Paragraph(words.text("score.text")));
    if (!ranking.rows().isEmpty()) {
      blocks.add(new Block.Figure(new ScorePlot(ranking, words).svg(), points()));
    }
    ranking
        .unranked()
        .forEach(
            (scheme, lacking) ->
                blocks.add(
                    new Block.Paragraph(
                        words.text(
                            "unranked",
                            words.backend(scheme),
                            words.list(lacking.stream().map(words::criterion).toList())))));
    blocks.add(new Block.Heading(3, "sensitivity", words.text("sensitivity")));
    blocks.add(new Block.Paragraph(words.text("sensitivity.text")));
    blocks.add(sensitivity());
    blocks.add(new Block.Paragraph(basis()));
    return blocks;
  }

  private Block.Grid points() {
    List<String> heads = new ArrayList<>();
    heads.add(words.text("head.criterion"));
    heads.add(words.text("head.weight"));
    ranking.rows().forEach(row -> heads.add(words.name("backend.short", row.scheme())));
    List<List<String>> rows = new ArrayList<>();
    for (Criterion criterion : Criterion.values()) {
      List<String> cells = new ArrayList<>();
      cells.add(words.criterion(criterion));
      cells.add(words.plain(subject.stance().weight(criterion)));
      ranking.rows().forEach(row -> cells.add(words.fixed(row.of(criterion), 1)));
      rows.add(cells);
    }
    List<String> sums = new ArrayList<>();
    sums.add(words.text("score.sum"));
    sums.add(words.plain(Stance.ALL));
    ranking.rows().forEach(row -> sums.add(words.fixed(row.sum(), 1)));
    rows.add(sums);
    return new Block.Grid(words.text("score.caption"), words.text("score.note"), heads, rows, 1);
  }

  private Block sensitivity() {
    List<List<String>> rows = new ArrayList<>();
    ranking
        .turns()
        .forEach(
            (criterion, turn) ->
                rows.add(
                    List.of(
                        words.criterion(criterion),
                        turn.map(t -> words.backend(t.winner()))
                            .orElse(words.text("sensitivity.none")),
                        words.plain(subject.stance().weight(criterion)),
                        turn.map(t -> words.fixed(t.to(), 1)).orElse("–"))));
    return new Block.Grid(
        words.text("sensitivity.caption"),
        words.text("score.note"),
        List.of(
            words.text("head.criterion"),
            words.text("head.winner"),
            words.text("head.weight"),
            words.text("head.turn")),
        rows,
        2);
  }

  /** Who would win if the other sum of a month were compared. */
  private String basis() {
    return words.text("basis." + other().name().toLowerCase(Locale.ROOT), choice(otherwise()));
  }

  private Stance.Basis other() {
    return subject.stance().basis() == Stance.Basis.TOTAL ? Stance.Basis.PAID : Stance.Basis.TOTAL;
  }

  private Ranking otherwise() {
    return Ranking.of(
        new Subject(
            subject.comparison(),
            subject.costs(),
            subject.fleet(),
            subject.stance().withBasis(other()),
            subject.setUps(),
            subject.capabilities(),
            subject.today()));
  }

  private String choice(Ranking each) {
    return new CoverChapter(subject, each, words).choice();
  }

  /**
   * The smallest change of a weight that changes the winner, in one sentence; or that none does.
   */
  String sensitivityLine() {
    return ranking.turns().values().stream()
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(Ranking.Turn::change))
        .map(
            turn ->
                words.text(
                    "sensitivity.line",
                    words.criterion(turn.criterion()),
                    words.plain(turn.from()),
                    words.fixed(turn.to(), 1),
                    words.backend(turn.winner())))
        .orElse(words.text("sensitivity.line.none"));
  }

  /** What would make us change our mind, one sentence each. */
  List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    for (Map.Entry<Criterion, Optional<Ranking.Turn>> turn : ranking.turns().entrySet()) {
      turn.getValue()
          .ifPresent(
              t ->
                  doubts.add(
                      words.text(
                          "doubt.weight",
                          words.criterion(t.criterion()),
                          words.plain(t.from()),
                          words.fixed(t.to(), 1),
                          words.backend(t.winner()))));
    }
    if (!choice(otherwise()).equals(choice(ranking))) {
      doubts.add(basis());
    }
    doubts.add(words.text("doubt.real"));
    doubts.add(words.text("doubt.judgements"));
    return doubts;
  }
}
