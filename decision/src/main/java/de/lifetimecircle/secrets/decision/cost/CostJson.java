package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.results.RecordJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a plan as JSON (RFC 8259), money not rounded to cents. Stateless. */
final class CostJson {
  /** Raised when a field is taken away or means something else. */
  private static final int FORMAT = 1;

  private CostJson() {}

  /** The document, one backend a line. */
  static String text(PlanFigures figures) {
    return RecordJson.text(
        RecordJson.object(
            "format", FORMAT,
            "day", figures.today(),
            "measured", false,
            "warnings", figures.warnings(),
            "broken", figures.broken(),
            "plan", figures.plan(),
            "backends", figures.backends().stream().map(each -> backend(figures, each)).toList()),
        "backends");
  }

  private static Map<String, @Nullable Object> backend(
      PlanFigures figures, BackendFigures backend) {
    Map<String, @Nullable Object> calls = BackendFigures.json(backend.calls());
    if (!backend.calls().remote()) {
      calls.keySet().retainAll(List.of("remote"));
    }
    return RecordJson.object(
        "scheme", backend.scheme(),
        "dollars", BackendFigures.json(backend.dollars()),
        "calls", calls,
        "quotas", backend.quotas().stream().map(CostJson::quota).toList(),
        "sources",
            Source.under(backend.scheme(), figures.sources()).entrySet().stream()
                .map(source -> source.getValue().json(source.getKey()))
                .toList());
  }

  private static Map<String, @Nullable Object> quota(QuotaShare share) {
    Map<String, @Nullable Object> fields = share.json();
    fields.put("worst", share.worst());
    fields.put("simulated", share.jittered().calls());
    fields.put("simulatedWithoutJitter", share.even().calls());
    if (share.countsReads()) {
      fields.put("refreshes", share.jitteredRefreshes().calls());
      fields.put("refreshesWithoutJitter", share.evenRefreshes().calls());
    }
    return fields;
  }
}
