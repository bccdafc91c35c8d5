package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.report.BackendRanking.Row;
import de.lifetimecircle.secrets.decision.report.BackendRanking.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The weighted sum, and which weight would change the winner. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 * @param words the language
 */
record ScoreChapter(ReportSubject subject, BackendRanking ranking, ReportText words) {
  void write(PageDraft page) {
    page.heading(2, "score").text("score.text");
    if (!ranking.rows().isEmpty()) {
      page.add(new PageBlock.Figure(new ScorePlot(ranking, words).plot(), points()));
    }
    ranking
        .unranked()
        .forEach(
            (scheme, lacking) ->
                page.text(
                    "unranked",
                    words.backend(scheme),
                    words.list(lacking.stream().map(words::criterion).toList())));
    page.heading(3, "sensitivity")
        .text("sensitivity.text")
        .add(sensitivity())
        .paragraph(basis())
        .heading(2, "doubts")
        .listing(Kind.ITEMS, doubts());
  }

  /** A row for each criterion, and one for the sum. */
  private Table points() {
    List<Optional<DecisionCriterion>> rows =
        new ArrayList<>(Arrays.stream(DecisionCriterion.values()).map(Optional::of).toList());
    rows.add(Optional.empty());
    Table.Columns<Optional<DecisionCriterion>> columns =
        new Table.Columns<Optional<DecisionCriterion>>(words::head)
            .text(
                "criterion",
                each -> each.map(words::criterion).orElseGet(() -> words.text("score.sum")))
            .number(
                "weight", each -> words.plain(each.map(this::weight).orElse(DecisionPolicy.ALL)));
    for (Row row : ranking.rows()) {
      columns.named(
          words.shortBackend(row.scheme()),
          each -> words.fixed(each.map(row::of).orElse(row.sum()), 1));
    }
    return columns.table(words.text("score.caption"), words.text("score.note"), rows);
  }

  private double weight(DecisionCriterion criterion) {
    return subject.policy().weight(criterion);
  }

  private Table sensitivity() {
    return new Table.Columns<DecisionCriterion>(words::head)
        .text("criterion", words::criterion)
        .text("winner", turn(turn -> words.backend(turn.winner()), words.text("sensitivity.none")))
        .number("weight", criterion -> words.plain(weight(criterion)))
        .number("turn", turn(turn -> words.fixed(turn.to(), 1), ReportText.NOTHING))
        .table(
            words.text("sensitivity.caption"),
            words.text("score.note"),
            List.of(DecisionCriterion.values()));
  }

  private Function<DecisionCriterion, String> turn(Function<Turn, String> text, String otherwise) {
    return criterion -> ranking.turn(criterion).map(text).orElse(otherwise);
  }

  private List<Turn> turns() {
    return Arrays.stream(DecisionCriterion.values())
        .flatMap(criterion -> ranking.turn(criterion).stream())
        .toList();
  }

  /** Names the winner by the other monthly sum. */
  private String basis() {
    return words.text("basis." + subject.policy().basis().other(), choice(otherwise()));
  }

  private BackendRanking otherwise() {
    DecisionPolicy policy = subject.policy();
    return BackendRanking.of(subject.with(policy.withBasis(policy.basis().other())));
  }

  private String choice(BackendRanking each) {
    return new CoverChapter(subject, each, words).choice();
  }

  /**
   * The smallest change of a weight that changes the winner, in one sentence; or that none does.
   */
  String sensitivityLine() {
    return turns().stream()
        .min(Comparator.comparingDouble(Turn::change))
        .map(turn -> sentence("sensitivity.line", turn))
        .orElseGet(() -> words.text("sensitivity.line.none"));
  }

  private String sentence(String key, Turn turn) {
    return words.text(
        key,
        words.criterion(turn.criterion()),
        words.plain(turn.from()),
        words.fixed(turn.to(), 1),
        words.backend(turn.winner()));
  }

  /** Returns the facts that would change the decision, one sentence each. */
  List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    turns().forEach(turn -> doubts.add(sentence("doubt.weight", turn)));
    if (!choice(otherwise()).equals(choice(ranking))) {
      doubts.add(basis());
    }
    doubts.add(words.text("doubt.real"));
    doubts.add(words.text("doubt.judgements"));
    return doubts;
  }
}
