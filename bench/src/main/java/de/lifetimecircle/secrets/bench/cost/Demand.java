package de.lifetimecircle.secrets.bench.cost;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The calls that a backend sees of a plan in a month, by what makes them. Immutable.
 *
 * @param refreshes background refreshes of answers that are held
 * @param starts the first reads of every name by instances that start, and what they ask before
 * @param rereads reads at once by instances that learn that the old value is refused
 * @param putReads reads by those who rotate
 * @param putWrites writes by those who rotate
 */
record Demand(
    BigDecimal refreshes,
    BigDecimal starts,
    BigDecimal rereads,
    BigDecimal putReads,
    BigDecimal putWrites) {

  /** Of a plan on a backend. */
  static Demand of(Plan plan, Tariff tariff) {
    BigDecimal answers = BigDecimal.valueOf(plan.held());
    return new Demand(
        plan.refreshes(),
        plan.startsAMonth(plan.held() + tariff.opening(plan.instances())),
        plan.rotations().multiply(answers),
        plan.rotations().multiply(put(plan, tariff, Traffic.READ)),
        plan.rotations().multiply(put(plan, tariff, Traffic.WRITE)));
  }

  private static BigDecimal put(Plan plan, Tariff tariff, Traffic traffic) {
    return BigDecimal.valueOf(tariff.puts(traffic, plan.secrets()));
  }

  /** Calls of that kind in a month. */
  BigDecimal calls(Traffic traffic) {
    BigDecimal reads = refreshes.add(starts).add(rereads).add(putReads);
    return switch (traffic) {
      case READ -> reads;
      case WRITE -> putWrites;
      case ALL -> reads.add(putWrites);
    };
  }

  /** Calls of that kind in that many seconds, on average. */
  BigDecimal average(Traffic traffic, int seconds) {
    return calls(traffic)
        .multiply(BigDecimal.valueOf(seconds))
        .divide(Plan.SECONDS_A_MONTH, MathContext.DECIMAL128);
  }
}
