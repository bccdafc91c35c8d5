package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The cost of a plan on one backend, in dollars a month unless said otherwise. Immutable.
 *
 * @param secrets for the secrets that are stored
 * @param calls for the calls
 * @param machines for machines that only the backend needs
 * @param work for hours of work
 * @param setup once, for the work until the first secret is served
 * @param uncached for the calls if every read asked the backend
 */
record BackendBill(
    BigDecimal secrets,
    BigDecimal calls,
    BigDecimal machines,
    BigDecimal work,
    BigDecimal setup,
    BigDecimal uncached) {

  /** Of a plan on a backend. */
  static BackendBill of(CostPlan plan, BackendTariff tariff, PriceFigure hour) {
    BigDecimal perCall = tariff.number(PriceItem.DOLLARS_PER_10000_CALLS).movePointLeft(4);
    return new BackendBill(
        tariff
            .number(PriceItem.DOLLARS_PER_SECRET_MONTH)
            .multiply(BigDecimal.valueOf(plan.secrets())),
        perCall.multiply(CallDemand.of(plan, tariff).calls(QuotaCalls.ALL)),
        tariff
            .number(PriceItem.MACHINES)
            .multiply(tariff.number(PriceItem.DOLLARS_PER_MACHINE_MONTH)),
        tariff.number(PriceItem.HOURS_A_MONTH).multiply(hour.number()),
        tariff.number(PriceItem.SETUP_HOURS).multiply(hour.number()),
        perCall.multiply(plan.readsAMonth()));
  }

  /** Returns the sum that a vendor or a landlord bills. */
  BigDecimal paid() {
    return secrets.add(calls).add(machines);
  }

  /** With the work. */
  BigDecimal total() {
    return paid().add(work);
  }

  /** Dollars and cents: {@code 1.79}. */
  static BigDecimal cents(BigDecimal dollars) {
    return dollars.setScale(2, RoundingMode.HALF_UP);
  }
}
