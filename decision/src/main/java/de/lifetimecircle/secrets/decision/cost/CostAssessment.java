package de.lifetimecircle.secrets.decision.cost;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that is known of a plan on some backends. Immutable.
 *
 * @param plan the plan
 * @param tariffs the backends
 * @param prices what was read from the data file
 * @param bills the cost, by scheme
 * @param shares each quota of each backend
 * @param today the day of the assessment
 */
record CostAssessment(
    CostPlan plan,
    List<BackendTariff> tariffs,
    PriceList prices,
    Map<String, BackendBill> bills,
    List<QuotaShare> shares,
    LocalDate today) {

  /**
   * Calculates the costs and simulates a day; takes seconds for a large fleet.
   *
   * @throws IllegalArgumentException if the fleet is too large to simulate
   */
  static CostAssessment of(
      CostPlan plan, List<BackendTariff> tariffs, PriceList prices, long seed, LocalDate today) {
    SimulatedDay jittered = FleetSimulation.day(plan, plan.jitter(), seed);
    SimulatedDay even = FleetSimulation.day(plan, 0, seed);
    Map<String, BackendBill> bills = new LinkedHashMap<>();
    List<QuotaShare> shares = new ArrayList<>();
    for (BackendTariff tariff : tariffs) {
      bills.put(tariff.scheme(), BackendBill.of(plan, tariff, prices.hour()));
      shares.addAll(QuotaShare.of(plan, tariff, jittered, even));
    }
    return new CostAssessment(plan, tariffs, prices, bills, shares, today);
  }

  /** Returns the warnings that readers need before the figures; empty if there are none. */
  List<String> warnings() {
    return prices.warnings(today);
  }

  /** A sentence for each limit that the plan breaks; empty for none. */
  List<String> broken() {
    List<String> sentences = new ArrayList<>();
    shares.forEach(share -> sentences.addAll(share.sentences()));
    return sentences;
  }

  BackendBill bill(BackendTariff tariff) {
    return Objects.requireNonNull(bills.get(tariff.scheme()));
  }

  /** Each quota of one backend. */
  List<QuotaShare> shares(BackendTariff tariff) {
    return shares.stream().filter(share -> share.scheme().equals(tariff.scheme())).toList();
  }

  /** Where the figures of these backends, and of the work, come from. */
  Map<String, PriceSource> sources() {
    Map<String, PriceSource> sources = new LinkedHashMap<>();
    prices.sources().entrySet().stream()
        .filter(e -> e.getKey().startsWith(PriceFile.WORK))
        .forEach(e -> sources.put(e.getKey(), e.getValue()));
    tariffs.forEach(tariff -> sources.putAll(sources(tariff)));
    return sources;
  }

  /** Where the figures of one backend come from. */
  Map<String, PriceSource> sources(BackendTariff tariff) {
    Map<String, PriceSource> sources = new LinkedHashMap<>();
    prices
        .sources()
        .forEach(
            (key, source) -> {
              if (key.startsWith(tariff.scheme() + ".")) {
                sources.put(key, source);
              }
            });
    return sources;
  }
}
