package de.lifetimecircle.secrets.decision.cost;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A row of a table of quotas. Immutable.
 *
 * @param scheme of the backend
 * @param share of one of its quotas; empty in the only row of a backend without quotas
 */
public record QuotaRow(String scheme, Optional<QuotaShare> share) {
  /** Each quota of each backend, and a row for each backend without quotas. */
  public static List<QuotaRow> of(PlanFigures figures) {
    return figures.backends().stream().flatMap(QuotaRow::of).toList();
  }

  private static Stream<QuotaRow> of(BackendFigures backend) {
    return backend.quotas().isEmpty()
        ? Stream.of(new QuotaRow(backend.scheme(), Optional.empty()))
        : backend.quotas().stream().map(share -> new QuotaRow(share.scheme(), Optional.of(share)));
  }

  /** Returns the text about the quota, or the other one. */
  public String cell(Function<QuotaShare, String> text, String otherwise) {
    return share.map(text).orElse(otherwise);
  }
}
