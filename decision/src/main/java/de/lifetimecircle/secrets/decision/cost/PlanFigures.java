package de.lifetimecircle.secrets.decision.cost;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * The costs of a plan on some backends and its share of each quota, without a text. Immutable.
 *
 * @param plan the plan
 * @param backends one for each backend, in the order of the data file
 * @param sources where each figure of these backends, and of the work, comes from, by its key
 * @param warnings sentences to read before the figures
 * @param today the day that prices are as old as
 */
public record PlanFigures(
    CostPlan plan,
    List<BackendFigures> backends,
    Map<String, Source> sources,
    List<String> warnings,
    LocalDate today) {

  /**
   * Calculates the figures and simulates a day; takes seconds for a large fleet.
   *
   * @param args the options of {@code bench/run cost}
   * @param today the day that prices are as old as
   * @throws IllegalArgumentException if an option or the data file is wrong, or the fleet is too
   *     large to simulate; says so in one sentence
   */
  public static PlanFigures of(List<String> args, LocalDate today) {
    return of(CommandOptions.read(new CostRequest(), args), today);
  }

  static PlanFigures of(CostRequest request, LocalDate today) {
    List<String> backends = request.backends.stream().distinct().toList();
    return of(request.options, request.options.plan(), backends, request.seed, today);
  }

  /**
   * Calculates the figures of all backends, as {@link #of(List, LocalDate)} does.
   *
   * @throws IllegalArgumentException as there
   */
  public static PlanFigures of(PlanOptions options, LocalDate today) {
    return of(options, options.plan(), List.of(), 1, today);
  }

  /**
   * Calculates the figures of all backends for a fleet of that size, with the other options as they
   * are.
   *
   * @throws IllegalArgumentException as {@link #of(List, LocalDate)} does
   */
  public static PlanFigures of(PlanOptions options, int secrets, int instances, LocalDate today) {
    return of(options, options.plan().sized(secrets, instances), List.of(), 1, today);
  }

  private static PlanFigures of(
      PlanOptions options, CostPlan plan, List<String> backends, long seed, LocalDate today) {
    Map<String, String> given = options.given();
    PriceList prices = PriceFile.read(options.prices(), given, today);
    List<BackendTariff> tariffs = prices.of(backends);
    SimulatedDay jittered = FleetSimulation.day(plan, plan.jitterPercent(), seed);
    SimulatedDay even = FleetSimulation.day(plan, 0, seed);
    Map<String, Source> sources = Source.under(PriceFile.WORK, prices.sources());
    tariffs.forEach(tariff -> sources.putAll(Source.under(tariff.scheme(), prices.sources())));
    return new PlanFigures(
        plan,
        tariffs.stream()
            .map(tariff -> BackendFigures.of(plan, tariff, prices.hour(), jittered, even))
            .toList(),
        sources,
        prices.warnings(today),
        today);
  }

  /** Returns the share that the plan takes of each quota of each backend. */
  public List<QuotaShare> quotas() {
    return backends.stream().flatMap(backend -> backend.quotas().stream()).toList();
  }

  /** A sentence for each limit that the plan breaks; empty for none. */
  List<String> broken() {
    return quotas().stream().filter(QuotaShare::isBroken).map(QuotaShare::sentence).toList();
  }

  /** Returns the keys of figures whose pages may have changed since. */
  public List<String> oldKeys() {
    return Source.oldKeys(sources, today);
  }
}
