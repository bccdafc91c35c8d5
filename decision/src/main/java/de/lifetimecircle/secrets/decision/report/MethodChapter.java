package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures.SourceFigure;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * How it was measured, where, and where the figures come from. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record MethodChapter(ReportSubject subject, ReportText words) {
  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    ComparisonRun comparison = subject.comparison();
    blocks.add(new PageBlock.Heading(2, "method", words.text("method")));
    blocks.add(
        new PageBlock.Paragraph(
            words.text(
                "method.text",
                words.text("extent." + (comparison.extent().equals("quick") ? "quick" : "full")),
                words.plain(comparison.took().toSeconds() / 60.0),
                String.valueOf(comparison.seed()))));
    List<List<String>> machine = new ArrayList<>();
    comparison
        .machine()
        .forEach((fact, value) -> machine.add(List.of(words.name("fact", fact), value)));
    blocks.add(facts("machine", machine));
    List<List<String>> noise = new ArrayList<>();
    comparison
        .noise()
        .forEach(
            (probe, micros) ->
                noise.add(List.of(words.said(probe), words.figure(micros.doubleValue(), "us"))));
    blocks.add(facts("noise", noise));
    blocks.add(new PageBlock.Heading(2, "sources", words.text("sources")));
    blocks.add(new PageBlock.Paragraph(words.text("sources.text")));
    blocks.add(sources());
    return blocks;
  }

  private PageBlock facts(String key, List<List<String>> rows) {
    return new PageBlock.Grid(
        words.text(key + ".caption"),
        words.text(key + ".note"),
        List.of(words.text("head.fact"), words.text("head.value")),
        rows,
        2);
  }

  private PageBlock sources() {
    List<List<String>> rows = new ArrayList<>();
    for (SourceFigure source : subject.costs().sources()) {
      rows.add(
          List.of(
              source.key(),
              words.text("origin." + source.origin()),
              source.day().toString(),
              source.text().in(words.locale())));
    }
    return new PageBlock.Grid(
        words.text("sources.caption"),
        words.text("sources.note"),
        List.of(
            words.text("head.key"),
            words.text("head.origin"),
            words.text("head.day.read"),
            words.text("head.source")),
        rows,
        4);
  }

  /** The day of an instant, in universal time. */
  static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}
