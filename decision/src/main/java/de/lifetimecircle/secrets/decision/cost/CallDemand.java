package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The calls that a backend receives from a plan in a month, by cause. Immutable.
 *
 * @param refreshes background refreshes of cached answers
 * @param starts the first reads of every name by starting instances, and their calls before these
 * @param rereads immediate reads by instances whose old value was refused
 * @param putReads reads by rotations
 * @param putWrites writes by rotations
 */
record CallDemand(
    BigDecimal refreshes,
    BigDecimal starts,
    BigDecimal rereads,
    BigDecimal putReads,
    BigDecimal putWrites) {

  /** Of a plan on a backend. */
  static CallDemand of(CostPlan plan, BackendTariff tariff) {
    BigDecimal answers = BigDecimal.valueOf(plan.held());
    return new CallDemand(
        plan.refreshes(),
        plan.startsAMonth(plan.held() + tariff.opening(plan.instances())),
        plan.rotationsAMonth().multiply(answers),
        plan.rotationsAMonth().multiply(put(plan, tariff, QuotaCalls.READ)),
        plan.rotationsAMonth().multiply(put(plan, tariff, QuotaCalls.WRITE)));
  }

  /** The most calls in one second, whatever the jitter: all start, or all is rotated, at once. */
  static long worst(CostPlan plan, BackendTariff tariff, QuotaCalls traffic) {
    long start = traffic.of(plan.held() + tariff.opening(plan.instances()), 0);
    if (plan.rotationsAMonth().signum() == 0) {
      return start;
    }
    long rotation = traffic.of(plan.held(), 0) + tariff.puts(traffic, plan.secrets());
    return Math.max(start, rotation);
  }

  private static BigDecimal put(CostPlan plan, BackendTariff tariff, QuotaCalls traffic) {
    return BigDecimal.valueOf(tariff.puts(traffic, plan.secrets()));
  }

  /** Calls of that kind in a month. */
  BigDecimal calls(QuotaCalls traffic) {
    BigDecimal reads = refreshes.add(starts).add(rereads).add(putReads);
    return switch (traffic) {
      case READ -> reads;
      case WRITE -> putWrites;
      case ALL -> reads.add(putWrites);
    };
  }

  /** Calls of that kind in that many seconds, on average. */
  BigDecimal average(QuotaCalls traffic, int seconds) {
    return calls(traffic)
        .multiply(BigDecimal.valueOf(seconds))
        .divide(CostPlan.SECONDS_A_MONTH, MathContext.DECIMAL128);
  }
}
