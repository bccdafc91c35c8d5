package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much of one quota a plan takes; all figures are calls in the time of the quota. Immutable.
 *
 * @param scheme the backend
 * @param quota the quota
 * @param average on average
 * @param worst when all instances start, or all secrets are rotated, in one second
 * @param jittered in the busiest stretch of the simulated day
 * @param even the same without jitter
 * @param jitteredRefreshes the most refreshes of the simulated day
 * @param evenRefreshes the same without jitter
 */
record QuotaShare(
    String scheme,
    CallQuota quota,
    BigDecimal average,
    long worst,
    SimulatedDay.Peak jittered,
    SimulatedDay.Peak even,
    SimulatedDay.Peak jitteredRefreshes,
    SimulatedDay.Peak evenRefreshes) {
  private static final BigDecimal LEAST_PERCENT = new BigDecimal("0.01");

  /** Room for chance: what is spread at random is not spread evenly. */
  private static final double ROOM = 1.25;

  /** Of each quota of a backend. */
  static List<QuotaShare> of(
      CostPlan plan, BackendTariff tariff, SimulatedDay jittered, SimulatedDay even) {
    CallDemand demand = CallDemand.of(plan, tariff);
    List<QuotaShare> shares = new ArrayList<>();
    for (CallQuota quota : tariff.quotas()) {
      QuotaCalls traffic = quota.traffic();
      int seconds = quota.seconds();
      shares.add(
          new QuotaShare(
              tariff.scheme(),
              quota,
              demand.average(traffic, seconds),
              worst(plan, tariff, traffic),
              jittered.busiest(tariff, traffic, seconds),
              even.busiest(tariff, traffic, seconds),
              jittered.busiestRefreshes(seconds),
              even.busiestRefreshes(seconds)));
    }
    return shares;
  }

  /** The most calls in one second, whatever the jitter: all start, or all is rotated, at once. */
  static long worst(CostPlan plan, BackendTariff tariff, QuotaCalls traffic) {
    long start = traffic.of(plan.held() + tariff.opening(plan.instances()), 0);
    if (plan.rotations().signum() == 0) {
      return start;
    }
    long rotation = traffic.of(plan.held(), 0) + tariff.puts(traffic, plan.secrets());
    return Math.max(start, rotation);
  }

  /** Whether refreshes count for the quota at all. */
  boolean countsReads() {
    return quota.traffic() != QuotaCalls.WRITE;
  }

  /** Calls in percent of the quota, to two digits that count. */
  String percent(BigDecimal calls) {
    BigDecimal percent =
        calls
            .movePointRight(2)
            .divide(BigDecimal.valueOf(quota.calls()), new MathContext(2, RoundingMode.HALF_UP));
    if (percent.signum() > 0 && percent.compareTo(LEAST_PERCENT) < 0) {
      return "< 0.01 %";
    }
    return percent.signum() == 0 ? "0 %" : percent.stripTrailingZeros().toPlainString() + " %";
  }

  /**
   * Explains the problem with the plan and the remedy; empty if the plan stays within the quota.
   */
  List<String> sentences() {
    BigDecimal allowed = BigDecimal.valueOf(quota.calls());
    if (average.compareTo(allowed) > 0) {
      return List.of(
          String.format(
              Locale.ROOT,
              "%s: the plan breaks %s all day: %,d %s in %d s on average, and %,d are allowed."
                  + " Have %s times fewer: a longer soft age, fewer rotations, or a split.",
              scheme,
              quota.name(),
              average.setScale(0, RoundingMode.HALF_UP).toBigInteger(),
              quota.traffic().plural(),
              quota.seconds(),
              quota.calls(),
              average.divide(allowed, 1, RoundingMode.UP)));
    }
    return jittered.calls() > quota.calls() ? List.of(burst()) : List.of();
  }

  private String burst() {
    long stretches = (long) Math.ceil(ROOM * worst / quota.calls());
    return String.format(
        Locale.ROOT,
        "%s: the plan breaks %s at %s of the simulated day: %,d %s in %d s, and %,d are allowed."
            + " Spread starts and rotations over %d s at least.",
        scheme,
        quota.name(),
        CostTable.time(jittered.second()),
        jittered.calls(),
        quota.traffic().plural(),
        quota.seconds(),
        quota.calls(),
        stretches * quota.seconds());
  }
}
