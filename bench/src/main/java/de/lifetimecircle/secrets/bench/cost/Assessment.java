package de.lifetimecircle.secrets.bench.cost;

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
record Assessment(
    Plan plan,
    List<Tariff> tariffs,
    PriceList prices,
    Map<String, Bill> bills,
    List<Share> shares,
    LocalDate today) {

  /**
   * Reckons and simulates; takes seconds for a large fleet.
   *
   * @throws IllegalArgumentException if the fleet is too large to simulate
   */
  static Assessment of(
      Plan plan, List<Tariff> tariffs, PriceList prices, long seed, LocalDate today) {
    Day jittered = Fleet.day(plan, plan.jitter(), seed);
    Day even = Fleet.day(plan, 0, seed);
    Map<String, Bill> bills = new LinkedHashMap<>();
    List<Share> shares = new ArrayList<>();
    for (Tariff tariff : tariffs) {
      bills.put(tariff.scheme(), Bill.of(plan, tariff, prices.hour()));
      shares.addAll(Share.of(plan, tariff, jittered, even));
    }
    return new Assessment(plan, tariffs, prices, bills, shares, today);
  }

  /** What to know before the figures are read; empty for nothing. */
  List<String> warnings() {
    return prices.warnings(today);
  }

  /** A sentence for each limit that the plan breaks; empty for none. */
  List<String> broken() {
    List<String> sentences = new ArrayList<>();
    shares.forEach(share -> sentences.addAll(share.sentences()));
    return sentences;
  }

  Bill bill(Tariff tariff) {
    return Objects.requireNonNull(bills.get(tariff.scheme()));
  }

  /** Each quota of one backend. */
  List<Share> shares(Tariff tariff) {
    return shares.stream().filter(share -> share.scheme().equals(tariff.scheme())).toList();
  }

  /** Where the figures of these backends, and of the work, come from. */
  Map<String, Source> sources() {
    Map<String, Source> sources = new LinkedHashMap<>();
    prices.sources().entrySet().stream()
        .filter(e -> e.getKey().startsWith(PriceFile.WORK))
        .forEach(e -> sources.put(e.getKey(), e.getValue()));
    tariffs.forEach(tariff -> sources.putAll(sources(tariff)));
    return sources;
  }

  /** Where the figures of one backend come from. */
  Map<String, Source> sources(Tariff tariff) {
    Map<String, Source> sources = new LinkedHashMap<>();
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
