package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.cost.QuotaShare;
import de.lifetimecircle.secrets.decision.report.BackendRanking.Row;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.RecordJson;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    ComparisonRun run = subject.comparison();
    ReportText words = new ReportText(Language.ENGLISH);
    return RecordJson.text(
        RecordJson.object(
            "format", FORMAT,
            "day", subject.today(),
            "decision", decision(),
            "warnings", new CoverChapter(subject, ranking, words).warnings(),
            "turns", turns(),
            "judgements", judgements(),
            "costs", figures(subject.costs()),
            "fleet", figures(subject.fleet()),
            "begun", run.begun(),
            "extent", run.extent(),
            "complete", run.complete(),
            "machine", run.machine(),
            "noise", RecordMapping.members(run).get("noise"),
            "participants", run.participants().stream().map(ReportJson::participant).toList(),
            "measurements", run.measurements().stream().map(ReportJson::measurement).toList(),
            "overlaps",
                MeasuredTable.overlapping(run.measurements()).stream()
                    .map(ReportJson::overlap)
                    .toList(),
            "failures", run.failures()));
  }

  private Map<String, @Nullable Object> decision() {
    return RecordJson.object(
        "first", ranking.first().stream().map(Row::scheme).toList(),
        "ranking", ranking.rows().stream().map(ReportJson::row).toList(),
        "unranked", List.copyOf(ranking.unranked().keySet()),
        "weights", ranking.weights());
  }

  private static Map<String, @Nullable Object> row(Row row) {
    return RecordJson.object(
        "backend", row.scheme(),
        "sum", row.sum(),
        "criteria", row.points());
  }

  private Map<String, @Nullable Object> turns() {
    Map<String, @Nullable Object> turns = new LinkedHashMap<>();
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      turns.put(
          criterion.toString(),
          ranking
              .turn(criterion)
              .map(turn -> RecordJson.object("to", turn.to(), "winner", turn.winner()))
              .orElse(null));
    }
    return turns;
  }

  private List<Object> judgements() {
    List<Object> judgements = new ArrayList<>();
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      for (String scheme : subject.schemes()) {
        subject
            .policy()
            .judgement(criterion, scheme)
            .ifPresent(each -> judgements.add(judgement(criterion, scheme, each)));
      }
    }
    return judgements;
  }

  private static Map<String, @Nullable Object> judgement(
      DecisionCriterion criterion, String scheme, TeamJudgement judgement) {
    return RecordJson.object(
        "criterion", criterion,
        "backend", scheme,
        "points", judgement.points(),
        "origin", judgement.source().origin(),
        "day", judgement.source().day(),
        "source", judgement.source().text().english(),
        "de", judgement.why().german(),
        "en", judgement.why().english());
  }

  private static Map<String, @Nullable Object> figures(PlanFigures figures) {
    List<Object> sources = new ArrayList<>();
    figures
        .sources()
        .forEach(
            (key, source) -> {
              Map<String, @Nullable Object> json = source.json(key);
              json.put("old", source.isOld(figures.today()));
              sources.add(json);
            });
    return RecordJson.object(
        "plan", figures.plan().options(),
        "backends", figures.backends().stream().map(ReportJson::backend).toList(),
        "sources", sources);
  }

  private static Map<String, @Nullable Object> backend(BackendFigures backend) {
    Map<String, @Nullable Object> calls = BackendFigures.json(backend.calls());
    return RecordJson.object(
        "backend", backend.scheme(),
        "dollars", BackendFigures.json(backend.dollars()),
        "callsAMonth", calls.get("aMonth"),
        "worstSecond", calls.get("worstSecond"),
        "quotas", backend.quotas().stream().map(ReportJson::quota).toList());
  }

  private static Map<String, @Nullable Object> quota(QuotaShare share) {
    Map<String, @Nullable Object> json = share.json();
    json.put("busiest", share.jittered().calls());
    json.put("busiestWithoutJitter", share.even().calls());
    json.put("refreshes", share.jitteredRefreshes().calls());
    json.put("refreshesWithoutJitter", share.evenRefreshes().calls());
    json.put("broken", share.isBroken());
    return json;
  }

  private static Map<String, @Nullable Object> participant(Participant participant) {
    return RecordJson.object(
        "name", participant.name(),
        "backend", participant.scheme(),
        "server", participant.server(),
        "realness", MeasuredTable.word(participant.realness()));
  }

  /** With null for a figure that is empty, and 0 for one that is not finite. */
  private static Map<String, @Nullable Object> measurement(Measurement measurement) {
    Map<String, Object> all = RecordMapping.members(measurement);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (RecordComponent component : Measurement.class.getRecordComponents()) {
      Object value = all.get(component.getName());
      json.put(component.getName(), value instanceof Double ? BigDecimal.ZERO : value);
    }
    return json;
  }

  private static Map<String, @Nullable Object> overlap(MeasuredTable.Pair pair) {
    return RecordJson.object(
        "id",
        pair.one().id(),
        "roundTripMillis",
        pair.one().roundTripMillis(),
        "one",
        pair.one().participant() + "/" + pair.one().client(),
        "other",
        pair.other().participant() + "/" + pair.other().client());
  }
}
