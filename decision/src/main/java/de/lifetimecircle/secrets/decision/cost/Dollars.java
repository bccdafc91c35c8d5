package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;

/**
 * The cost of a plan on one backend: dollars a month, not rounded, unless said otherwise.
 * Immutable.
 *
 * @param secrets for the secrets that are stored
 * @param calls for the calls
 * @param machines for machines that only the backend needs
 * @param paid the sum that a vendor or a landlord bills: the three together
 * @param work for hours of work
 * @param total paid and work
 * @param setupOnce once, for the work until the first secret is served
 * @param callsWithoutACache for the calls if every read asked the backend
 */
public record Dollars(
    BigDecimal secrets,
    BigDecimal calls,
    BigDecimal machines,
    BigDecimal paid,
    BigDecimal work,
    BigDecimal total,
    BigDecimal setupOnce,
    BigDecimal callsWithoutACache) {

  static Dollars of(CostPlan plan, BackendTariff tariff, CallDemand demand, BigDecimal hour) {
    BigDecimal perCall = tariff.number(PriceItem.DOLLARS_PER_10000_CALLS).movePointLeft(4);
    BigDecimal secrets =
        tariff
            .number(PriceItem.DOLLARS_PER_SECRET_MONTH)
            .multiply(BigDecimal.valueOf(plan.secrets()));
    BigDecimal calls = perCall.multiply(demand.calls(QuotaCalls.ALL));
    BigDecimal machines =
        tariff
            .number(PriceItem.MACHINES)
            .multiply(tariff.number(PriceItem.DOLLARS_PER_MACHINE_MONTH));
    BigDecimal paid = secrets.add(calls).add(machines);
    BigDecimal work = tariff.number(PriceItem.HOURS_A_MONTH).multiply(hour);
    return new Dollars(
        secrets,
        calls,
        machines,
        paid,
        work,
        paid.add(work),
        tariff.number(PriceItem.SETUP_HOURS).multiply(hour),
        perCall.multiply(plan.readsAMonth()));
  }
}
