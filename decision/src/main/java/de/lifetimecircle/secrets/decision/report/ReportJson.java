package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.Dollars;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.QuotaFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.SourceFigure;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The report as JSON (RFC 8259): the same figures, not rounded to what the page shows. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 */
record ReportJson(ReportSubject subject, BackendRanking ranking) {
  /** Raised when a field is taken away or means something else. */
  private static final int FORMAT = 2;

  /** The document, one part a line. */
  String text() {
    ComparisonRun comparison = subject.comparison();
    ReportText words = ReportText.of(ReportText.LANGUAGES.get(1));
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    parts.put("format", FORMAT);
    parts.put("day", subject.today().toString());
    parts.put("decision", decision());
    parts.put("warnings", new CoverChapter(subject, ranking, words).warnings());
    parts.put("turns", turns());
    parts.put("judgements", judgements());
    parts.put("costs", figures(subject.costs()));
    parts.put("fleet", figures(subject.fleet()));
    parts.put("begun", comparison.begun().toString());
    parts.put("extent", comparison.extent());
    parts.put("complete", comparison.complete());
    parts.put("machine", comparison.machine());
    parts.put("noise", ResultFile.noise(comparison.noise()));
    parts.put("participants", comparison.participants().stream().map(ReportJson::line).toList());
    parts.put("measurements", comparison.measurements().stream().map(ReportJson::line).toList());
    parts.put("overlaps", overlaps(comparison.measurements()));
    parts.put("failures", ResultFile.json(comparison.failures()));
    List<String> lines = new ArrayList<>();
    parts.forEach((key, value) -> lines.add("  \"" + key + "\": " + Json.write(value)));
    return "{\n" + String.join(",\n", lines) + "\n}\n";
  }

  private Map<String, @Nullable Object> decision() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("first", ranking.rows().isEmpty() ? List.of() : schemes(ranking.first()));
    List<Object> rows = new ArrayList<>();
    for (BackendRanking.Row row : ranking.rows()) {
      Map<String, @Nullable Object> points = new LinkedHashMap<>();
      row.points()
          .forEach(
              (criterion, point) ->
                  points.put(
                      criterion.word(),
                      ordered("points", exact(point.points()), "origin", point.origin().word())));
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("backend", row.scheme());
      line.put("sum", exact(row.sum()));
      line.put("criteria", points);
      rows.add(line);
    }
    fields.put("ranking", rows);
    fields.put("unranked", List.copyOf(ranking.unranked().keySet()));
    Map<String, @Nullable Object> weights = new LinkedHashMap<>();
    ranking.weights().forEach((criterion, weight) -> weights.put(criterion.word(), exact(weight)));
    fields.put("weights", weights);
    return fields;
  }

  private static List<String> schemes(List<BackendRanking.Row> rows) {
    return rows.stream().map(BackendRanking.Row::scheme).toList();
  }

  private Map<String, @Nullable Object> turns() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    ranking
        .turns()
        .forEach(
            (criterion, turn) ->
                fields.put(
                    criterion.word(),
                    turn.map(t -> ordered("to", exact(t.to()), "winner", t.winner()))
                        .orElse(null)));
    return fields;
  }

  private List<Object> judgements() {
    List<Object> lines = new ArrayList<>();
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      for (String scheme : subject.schemes()) {
        subject
            .stance()
            .judgement(criterion, scheme)
            .ifPresent(
                judgement ->
                    lines.add(
                        ordered(
                            "criterion", criterion.word(),
                            "backend", scheme,
                            "points", exact(judgement.points()),
                            "origin", judgement.origin().word(),
                            "day", judgement.day().toString(),
                            "source", judgement.source().english(),
                            "de", judgement.german(),
                            "en", judgement.english())));
      }
    }
    return lines;
  }

  private static Map<String, @Nullable Object> figures(PlanFigures figures) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("plan", figures.plan());
    fields.put("backends", figures.backends().stream().map(ReportJson::line).toList());
    fields.put("sources", figures.sources().stream().map(ReportJson::line).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> line(BackendFigures backend) {
    Dollars dollars = backend.dollars();
    Map<String, @Nullable Object> sums = new LinkedHashMap<>();
    sums.put("secrets", plain(dollars.secrets()));
    sums.put("calls", plain(dollars.calls()));
    sums.put("machines", plain(dollars.machines()));
    sums.put("paid", plain(dollars.paid()));
    sums.put("work", plain(dollars.work()));
    sums.put("total", plain(dollars.total()));
    sums.put("setupOnce", plain(dollars.setup()));
    sums.put("callsWithoutACache", plain(dollars.uncached()));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("backend", backend.scheme());
    fields.put("dollars", sums);
    fields.put("callsAMonth", plain(backend.callsAMonth()));
    fields.put("worstSecond", backend.worstSecond());
    fields.put("quotas", backend.quotas().stream().map(ReportJson::line).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> line(QuotaFigures quota) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", quota.name());
    fields.put("counts", quota.traffic());
    fields.put("allowed", quota.allowed());
    fields.put("seconds", quota.seconds());
    fields.put("average", plain(quota.average()));
    fields.put("busiest", quota.simulated());
    fields.put("busiestWithoutJitter", quota.simulatedEven());
    fields.put("refreshes", quota.refreshes());
    fields.put("refreshesWithoutJitter", quota.refreshesEven());
    fields.put("broken", quota.broken());
    return fields;
  }

  private static Map<String, @Nullable Object> line(SourceFigure source) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("key", source.key());
    fields.put("day", source.day().toString());
    fields.put("origin", source.origin());
    fields.put("source", source.text().english());
    fields.put("old", source.old());
    return fields;
  }

  private static Map<String, @Nullable Object> line(Participant participant) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", participant.name());
    fields.put("backend", participant.scheme());
    fields.put("server", participant.server().json());
    fields.put("realness", RealnessNotes.word(participant.realness()));
    return fields;
  }

  private static Map<String, @Nullable Object> line(Measurement measurement) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", measurement.id());
    fields.put("participant", measurement.participant());
    fields.put("client", measurement.client());
    fields.put("roundTripMillis", exact(measurement.roundTripMillis()));
    fields.put("unit", measurement.unit());
    fields.put("samples", measurement.samples());
    fields.put("median", exact(measurement.median()));
    fields.put("low", exact(measurement.low()));
    fields.put("high", exact(measurement.high()));
    fields.put("p90", exact(measurement.p90()));
    fields.put("p99", exact(measurement.p99()));
    fields.put("p999", exact(measurement.p999()));
    fields.put("warmUp", measurement.warmUp().json());
    fields.put("notes", ResultFile.json(measurement.notes()));
    return fields;
  }

  private static List<Object> overlaps(List<Measurement> measurements) {
    List<Object> pairs = new ArrayList<>();
    for (MeasuredTable.Pair pair : MeasuredTable.overlapping(measurements)) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("id", pair.one().id());
      fields.put("roundTripMillis", exact(pair.one().roundTripMillis()));
      fields.put("one", pair.one().participant() + "/" + pair.one().client());
      fields.put("other", pair.other().participant() + "/" + pair.other().client());
      pairs.add(fields);
    }
    return pairs;
  }

  /** Names and values in turn; unlike {@code Map.of} it keeps their order. */
  private static Map<String, @Nullable Object> ordered(Object... pairs) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return fields;
  }

  private static @Nullable BigDecimal exact(OptionalDouble number) {
    return number.isPresent() ? BigDecimal.valueOf(number.getAsDouble()) : null;
  }

  /** Infinity and NaN become 0; the result file contains neither. */
  private static BigDecimal exact(double number) {
    return Double.isFinite(number) ? BigDecimal.valueOf(number) : BigDecimal.ZERO;
  }

  /** To ten decimals, without an exponent. */
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal rounded = number.setScale(10, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
