package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.results.RecordJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of one quota a plan takes; all figures are calls in the time of the quota. Immutable.
 *
 * @param scheme the backend
 * @param quota the quota
 * @param average on average
 * @param worst when all instances start, or all secrets are rotated, in one second
 * @param jittered in the busiest stretch of the simulated day
 * @param even the same without jitter
 * @param jitteredRefreshes the most refreshes of the simulated day; 0 where they do not count
 * @param evenRefreshes the same without jitter
 */
public record QuotaShare(
    String scheme,
    CallQuota quota,
    BigDecimal average,
    long worst,
    Peak jittered,
    Peak even,
    Peak jitteredRefreshes,
    Peak evenRefreshes) {
  /** Room for chance: what is spread at random is not spread evenly. */
  private static final double ROOM = 1.25;

  /**
   * The busiest stretch of a day.
   *
   * @param calls how many calls it makes
   * @param second where it begins, in seconds from midnight
   */
  public record Peak(long calls, int second) {
    static final Peak NONE = new Peak(0, 0);

    /** {@code 00:04:59}. */
    String time() {
      return String.format(
          Locale.ROOT, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
    }
  }

  /** Of one quota of a backend. */
  static QuotaShare of(
      CallQuota quota,
      CostPlan plan,
      BackendTariff tariff,
      SimulatedDay jittered,
      SimulatedDay even) {
    QuotaCalls traffic = quota.traffic();
    int seconds = quota.seconds();
    boolean reads = traffic != QuotaCalls.WRITE;
    return new QuotaShare(
        tariff.scheme(),
        quota,
        CallDemand.of(plan, tariff).average(traffic, seconds),
        CallDemand.worst(plan, tariff, traffic),
        jittered.busiest(tariff, traffic, seconds),
        even.busiest(tariff, traffic, seconds),
        reads ? jittered.busiestRefreshes(seconds) : Peak.NONE,
        reads ? even.busiestRefreshes(seconds) : Peak.NONE);
  }

  /** Whether refreshes count for the quota at all. */
  public boolean countsReads() {
    return quota.traffic() != QuotaCalls.WRITE;
  }

  /** The part of the quota that the busiest stretch of the day takes. */
  public double busiest() {
    return (double) jittered.calls() / quota.calls();
  }

  /** Whether the plan takes more than the quota allows. */
  public boolean isBroken() {
    return isBrokenAllDay() || jittered.calls() > quota.calls();
  }

  private boolean isBrokenAllDay() {
    return average.compareTo(BigDecimal.valueOf(quota.calls())) > 0;
  }

  /** Returns the quota and its average use as JSON. */
  public Map<String, @Nullable Object> json() {
    return RecordJson.object(
        "name", quota.name(),
        "counts", quota.traffic(),
        "allowed", quota.calls(),
        "seconds", quota.seconds(),
        "average", BackendFigures.plain(average));
  }

  /** Explains how the plan breaks the quota, and the remedy. */
  String sentence() {
    if (isBrokenAllDay()) {
      return String.format(
          Locale.ROOT,
          "%s: the plan breaks %s all day: %,d %s in %d s on average, and %,d are allowed."
              + " Have %s times fewer: a longer soft age, fewer rotations, or a split.",
          scheme,
          quota.name(),
          average.setScale(0, RoundingMode.HALF_UP).toBigInteger(),
          quota.traffic().plural(),
          quota.seconds(),
          quota.calls(),
          average.divide(BigDecimal.valueOf(quota.calls()), 1, RoundingMode.UP));
    }
    long stretches = (long) Math.ceil(ROOM * worst / quota.calls());
    return String.format(
        Locale.ROOT,
        "%s: the plan breaks %s at %s of the simulated day: %,d %s in %d s, and %,d are allowed."
            + " Spread starts and rotations over %d s at least.",
        scheme,
        quota.name(),
        jittered.time(),
        jittered.calls(),
        quota.traffic().plural(),
        quota.seconds(),
        quota.calls(),
        stretches * quota.seconds());
  }
}
