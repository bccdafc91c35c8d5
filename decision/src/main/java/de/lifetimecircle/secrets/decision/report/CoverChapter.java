package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures.SourceFigure;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Decision(words.text("decision.label"), choice(), below()));
    List<String> reasons = reasons();
    if (!reasons.isEmpty()) {
      blocks.add(new PageBlock.Heading(2, "reasons", words.text("reasons")));
      blocks.add(new PageBlock.Steps(reasons));
      blocks.add(
          new PageBlock.Paragraph(new ScoreChapter(subject, ranking, words).sensitivityLine()));
    }
    List<String> warnings = warnings();
    if (!warnings.isEmpty()) {
      blocks.add(new PageBlock.Warnings(words.text("warnings"), warnings));
    }
    blocks.add(new PageBlock.Paragraph(origin()));
    blocks.add(new PageBlock.Paragraph(words.text("sign.text")));
    blocks.add(
        new PageBlock.Signature(
            Stream.of("sign.name", "sign.place", "sign.signature").map(words::text).toList()));
    blocks.add(new PageBlock.PageBreak());
    return blocks;
  }

  /** The name of the winner, or of all who share the first place. */
  String choice() {
    if (ranking.rows().isEmpty()) {
      return words.text("decision.none");
    }
    List<String> first = ranking.first().stream().map(row -> words.backend(row.scheme())).toList();
    return ranking.isTie() ? words.text("decision.tie", words.list(first)) : first.get(0);
  }

  private String below() {
    if (ranking.rows().isEmpty()) {
      return words.text("decision.none.below");
    }
    List<String> others =
        ranking.rows().stream()
            .skip(1)
            .map(row -> words.text("sum.of", words.backend(row.scheme()), sum(row)))
            .toList();
    return words.text("decision.below", sum(ranking.rows().get(0)), words.list(others));
  }

  private String sum(BackendRanking.Row row) {
    return words.fixed(row.sum(), 1);
  }

  /** Where the winner gains most on the second, as points times weight. */
  List<String> reasons() {
    if (ranking.rows().size() < 2) {
      return List.of();
    }
    BackendRanking.Row winner = ranking.rows().get(0);
    BackendRanking.Row second = ranking.rows().get(1);
    CriterionFindings findings = new CriterionFindings(subject, words);
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
                    words.backend(second.scheme()),
                    words.plain(subject.stance().weight(criterion)),
                    findings.found(criterion, winner.scheme())))
        .toList();
  }

  private double gain(
      DecisionCriterion criterion, BackendRanking.Row winner, BackendRanking.Row second) {
    return subject.stance().weight(criterion) * (winner.of(criterion) - second.of(criterion));
  }

  /** Returns the warnings that readers need before the figures. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    ComparisonRun comparison = subject.comparison();
    oldPrices().ifPresent(warnings::add);
    if (!comparison.complete()) {
      warnings.add(words.text("warning.incomplete"));
    }
    comparison.failures().stream()
        .filter(failure -> !failure.isOmission())
        .forEach(failure -> warnings.add(words.said(failure)));
    if (ranking.isTie()) {
      warnings.add(words.text("warning.tie"));
    }
    emulated().ifPresent(warnings::add);
    if (!ranking.unranked().isEmpty()) {
      List<String> names = ranking.unranked().keySet().stream().map(words::backend).toList();
      warnings.add(words.text("warning.unranked", words.list(names)));
    }
    String commit = comparison.machine().getOrDefault("commit", "");
    if (commit.endsWith("-dirty")) {
      warnings.add(words.text("warning.dirty"));
    }
    if (comparison.extent().equals("quick")) {
      warnings.add(words.text("warning.quick"));
    }
    return warnings;
  }

  private Optional<String> oldPrices() {
    List<String> old =
        subject.costs().sources().stream()
            .filter(SourceFigure::old)
            .map(SourceFigure::key)
            .toList();
    return old.isEmpty()
        ? Optional.empty()
        : Optional.of(words.text("warning.prices", old.size(), String.join(", ", old)));
  }

  private Optional<String> emulated() {
    Set<String> backends = new LinkedHashSet<>();
    for (String scheme : subject.schemes()) {
      subject
          .standsFor(scheme)
          .map(Participant::realness)
          .filter(realness -> realness == Realness.EMULATED)
          .ifPresent(realness -> backends.add(words.backend(scheme)));
    }
    return backends.isEmpty()
        ? Optional.empty()
        : Optional.of(words.text("warning.emulated", words.list(List.copyOf(backends))));
  }

  private String origin() {
    ComparisonRun comparison = subject.comparison();
    return words.text(
        "cover.origin",
        words.day(subject.today()),
        words.text("extent." + (comparison.extent().equals("quick") ? "quick" : "full")),
        words.day(MethodChapter.day(comparison.begun())),
        comparison.machine().getOrDefault("processor", "?"),
        comparison.machine().getOrDefault("cores", "?"),
        comparison.machine().getOrDefault("jdk", "?"),
        comparison.machine().getOrDefault("commit", "?"));
  }
}
