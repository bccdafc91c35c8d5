package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.report.BackendRanking.Row;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first page: the decision, its reasons, the warnings, and a place to sign. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 * @param words the language
 */
record CoverChapter(ReportSubject subject, BackendRanking ranking, ReportText words) {
  private static final int REASONS = 3;

  void write(PageDraft page) {
    page.add(new PageBlock.Decision(words.text("decision.label"), choice(), below()));
    List<String> reasons = reasons();
    if (!reasons.isEmpty()) {
      page.heading(2, "reasons")
          .listing(Kind.STEPS, reasons)
          .paragraph(new ScoreChapter(subject, ranking, words).sensitivityLine());
    }
    List<String> warnings = warnings();
    if (!warnings.isEmpty()) {
      page.add(new PageBlock.Warnings(words.text("warnings"), warnings));
    }
    page.paragraph(origin()).text("sign.text").signature().add(new PageBlock.PageBreak());
  }

  /** The name of the winner, or of all who share the first place. */
  String choice() {
    if (ranking.rows().isEmpty()) {
      return words.text("decision.none");
    }
    String first = words.list(ranking.first().stream().map(this::name).toList());
    return ranking.isTie() ? words.text("decision.tie", first) : first;
  }

  private String name(Row row) {
    return words.backend(row.scheme());
  }

  private String below() {
    if (ranking.rows().isEmpty()) {
      return words.text("decision.none.below");
    }
    List<String> others =
        ranking.rows().stream()
            .skip(1)
            .map(row -> words.text("sum.of", name(row), sum(row)))
            .toList();
    return words.text("decision.below", sum(ranking.rows().get(0)), words.list(others));
  }

  private String sum(Row row) {
    return words.fixed(row.sum(), 1);
  }

  /** Where the winner gains most on the second, as points times weight. */
  List<String> reasons() {
    if (ranking.rows().size() < 2) {
      return List.of();
    }
    Row winner = ranking.rows().get(0);
    Row second = ranking.rows().get(1);
    CriterionFindings findings = new CriterionFindings(subject);
    return Stream.of(DecisionCriterion.values())
        .filter(criterion -> gain(criterion, winner, second) > 0)
        .sorted(Comparator.comparingDouble(criterion -> -gain(criterion, winner, second)))
        .limit(REASONS)
        .map(
            criterion ->
                words.text(
                    "reason",
                    words.criterion(criterion),
                    words.fixed(winner.of(criterion), 1),
                    words.fixed(second.of(criterion), 1),
                    name(second),
                    words.plain(subject.policy().weight(criterion)),
                    findings.of(criterion, winner.scheme()).found(words)))
        .toList();
  }

  private double gain(DecisionCriterion criterion, Row winner, Row second) {
    return subject.policy().weight(criterion) * (winner.of(criterion) - second.of(criterion));
  }

  /** Returns the warnings that readers need before the figures. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    ComparisonRun comparison = subject.comparison();
    List<String> old = subject.costs().oldKeys();
    if (!old.isEmpty()) {
      warnings.add(words.text("warning.prices", old.size(), String.join(", ", old)));
    }
    if (!comparison.complete()) {
      warnings.add(words.text("warning.incomplete"));
    }
    comparison.failures().stream()
        .filter(failure -> !failure.isOmission())
        .forEach(failure -> warnings.add(words.said(failure)));
    if (ranking.isTie()) {
      warnings.add(words.text("warning.tie"));
    }
    warnBackends(warnings, "warning.emulated", emulated());
    warnBackends(warnings, "warning.unranked", List.copyOf(ranking.unranked().keySet()));
    if (comparison.machine().getOrDefault("commit", "").endsWith("-dirty")) {
      warnings.add(words.text("warning.dirty"));
    }
    if (comparison.extent().equals("quick")) {
      warnings.add(words.text("warning.quick"));
    }
    return warnings;
  }

  private List<String> emulated() {
    return subject.schemes().stream()
        .filter(
            scheme ->
                subject.standsFor(scheme).stream()
                    .anyMatch(participant -> participant.realness() == Realness.EMULATED))
        .toList();
  }

  private void warnBackends(List<String> warnings, String key, List<String> schemes) {
    if (!schemes.isEmpty()) {
      warnings.add(words.text(key, words.list(schemes.stream().map(words::backend).toList())));
    }
  }

  private String origin() {
    ComparisonRun comparison = subject.comparison();
    return words.text(
        "cover.origin",
        words.day(subject.today()),
        MethodChapter.extent(comparison, words),
        words.day(MethodChapter.day(comparison.begun())),
        comparison.machine().getOrDefault("processor", "?"),
        comparison.machine().getOrDefault("cores", "?"),
        comparison.machine().getOrDefault("jdk", "?"),
        comparison.machine().getOrDefault("commit", "?"));
  }
}
