package de.lifetimecircle.secrets.decision.report;

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
record ScoreChapter(ReportSubject subject, BackendRanking ranking, ReportText words) {
  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(2, "score", words.text("score")));
    blocks.add(new PageBlock.Paragraph(words.text("score.text")));
    if (!ranking.rows().isEmpty()) {
      blocks.add(new PageBlock.Figure(new ScorePlot(ranking, words).svg(), points()));
    }
    ranking
        .unranked()
        .forEach(
            (scheme, lacking) ->
                blocks.add(
                    new PageBlock.Paragraph(
                        words.text(
                            "unranked",
                            words.backend(scheme),
                            words.list(lacking.stream().map(words::criterion).toList())))));
    blocks.add(new PageBlock.Heading(3, "sensitivity", words.text("sensitivity")));
    blocks.add(new PageBlock.Paragraph(words.text("sensitivity.text")));
    blocks.add(sensitivity());
    blocks.add(new PageBlock.Paragraph(basis()));
    return blocks;
  }

  private PageBlock.Grid points() {
    List<String> heads = new ArrayList<>();
    heads.add(words.text("head.criterion"));
    heads.add(words.text("head.weight"));
    ranking.rows().forEach(row -> heads.add(words.name("backend.short", row.scheme())));
    List<List<String>> rows = new ArrayList<>();
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      List<String> cells = new ArrayList<>();
      cells.add(words.criterion(criterion));
      cells.add(words.plain(subject.stance().weight(criterion)));
      ranking.rows().forEach(row -> cells.add(words.fixed(row.of(criterion), 1)));
      rows.add(cells);
    }
    List<String> sums = new ArrayList<>();
    sums.add(words.text("score.sum"));
    sums.add(words.plain(DecisionPolicy.ALL));
    ranking.rows().forEach(row -> sums.add(words.fixed(row.sum(), 1)));
    rows.add(sums);
    return new PageBlock.Grid(
        words.text("score.caption"), words.text("score.note"), heads, rows, 1);
  }

  private PageBlock sensitivity() {
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
    return new PageBlock.Grid(
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

  /** Names the winner by the other monthly sum. */
  private String basis() {
    return words.text("basis." + other().name().toLowerCase(Locale.ROOT), choice(otherwise()));
  }

  private DecisionPolicy.Basis other() {
    return subject.stance().basis() == DecisionPolicy.Basis.TOTAL
        ? DecisionPolicy.Basis.PAID
        : DecisionPolicy.Basis.TOTAL;
  }

  private BackendRanking otherwise() {
    return BackendRanking.of(
        new ReportSubject(
            subject.comparison(),
            subject.costs(),
            subject.fleet(),
            subject.stance().withBasis(other()),
            subject.capabilities(),
            subject.today()));
  }

  private String choice(BackendRanking each) {
    return new CoverChapter(subject, each, words).choice();
  }

  /**
   * The smallest change of a weight that changes the winner, in one sentence; or that none does.
   */
  String sensitivityLine() {
    return ranking.turns().values().stream()
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(BackendRanking.Turn::change))
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

  /** Returns the facts that would change the decision, one sentence each. */
  List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    for (Map.Entry<DecisionCriterion, Optional<BackendRanking.Turn>> turn :
        ranking.turns().entrySet()) {
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
