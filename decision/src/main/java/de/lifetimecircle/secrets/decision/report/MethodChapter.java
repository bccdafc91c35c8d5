package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.Source;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How it was measured, where, and where the figures come from. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record MethodChapter(ReportSubject subject, ReportText words) {
  void write(PageDraft page) {
    ComparisonRun comparison = subject.comparison();
    page.heading(2, "method")
        .text(
            "method.text",
            extent(comparison, words),
            words.plain(comparison.took().toSeconds() / 60.0),
            comparison.seed())
        .add(
            facts(
                "machine", comparison.machine(), fact -> words.name("fact", fact), value -> value))
        .add(
            facts(
                "noise",
                comparison.noise(),
                words::said,
                micros -> words.figure(micros.doubleValue(), "us")))
        .heading(2, "sources")
        .text("sources.text")
        .add(sources());
  }

  private <K, V> Table facts(
      String key, Map<K, V> facts, Function<K, String> name, Function<V, String> value) {
    return new Table.Columns<Map.Entry<K, V>>(words::head)
        .text("fact", fact -> name.apply(fact.getKey()))
        .text("value", fact -> value.apply(fact.getValue()))
        .table(
            words.text(key + ".caption"), words.text(key + ".note"), List.copyOf(facts.entrySet()));
  }

  private Table sources() {
    return new Table.Columns<Map.Entry<String, Source>>(words::head)
        .text("key", Map.Entry::getKey)
        .text("origin", each -> words.text("origin." + each.getValue().origin()))
        .text("day.read", each -> each.getValue().day().toString())
        .text("source", each -> each.getValue().text().in(words.language()))
        .table(
            words.text("sources.caption"),
            words.text("sources.note"),
            List.copyOf(subject.costs().sources().entrySet()));
  }

  /** Returns the name of the run's extent. */
  static String extent(ComparisonRun comparison, ReportText words) {
    return words.text("extent." + (comparison.extent().equals("quick") ? "quick" : "full"));
  }

  /** The day of an instant, in universal time. */
  static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}
