package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that the data file says. Immutable.
 *
 * @param tariffs what each backend costs and allows, by scheme, in the order of the file
 * @param hour what an hour of work costs
 * @param sources where each figure comes from, by key, in the order of the file
 */
record PriceList(Map<String, BackendTariff> tariffs, BigDecimal hour, Map<String, Source> sources) {
  /** After how many days a page may have changed. */
  static final int FRESH_DAYS = 180;

  /**
   * The tariffs of those backends, in that order; all of them when none is named.
   *
   * @throws IllegalArgumentException if one is not known
   */
  List<BackendTariff> of(List<String> schemes) {
    List<BackendTariff> chosen = new ArrayList<>();
    for (String scheme : schemes.isEmpty() ? List.copyOf(tariffs.keySet()) : schemes) {
      BackendTariff tariff = tariffs.get(scheme);
      if (tariff == null) {
        throw new IllegalArgumentException(
            "--backend: " + scheme + " (expected: " + String.join(", ", tariffs.keySet()) + ")");
      }
      chosen.add(tariff);
    }
    return chosen;
  }

  /** A sentence for the prices and quotas that are too old to be relied on; empty for none. */
  List<String> warnings(LocalDate today) {
    List<String> old = Source.oldKeys(sources, today);
    if (old.isEmpty()) {
      return List.of();
    }
    LocalDate oldest =
        sources.values().stream()
            .filter(source -> source.isOld(today))
            .map(Source::day)
            .min(LocalDate::compareTo)
            .orElseThrow();
    return List.of(
        String.format(
            Locale.ROOT,
            "WARNING: %d prices or quotas were read more than %d days ago, the oldest on %s; read"
                + " them again: %s.",
            old.size(),
            FRESH_DAYS,
            oldest,
            String.join(", ", old)));
  }
}
