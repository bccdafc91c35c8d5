package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fleet that a team wants to run. Immutable.
 *
 * @param secrets the number of names that each instance reads
 * @param instances the number of processes that read them
 * @param readsASecond reads a second, of all instances and names together
 * @param softAge the setting {@code soft-age}
 * @param jitterPercent the setting {@code jitter}, in percent
 * @param idle the setting {@code idle}
 * @param rotationsAMonth the rotations of each secret in a month
 * @param startsADay the restarts of all instances in a day
 * @param spread the time in which all instances start, and read again after a rotation
 */
public record CostPlan(
    int secrets,
    int instances,
    BigDecimal readsASecond,
    Duration softAge,
    int jitterPercent,
    Duration idle,
    BigDecimal rotationsAMonth,
    BigDecimal startsADay,
    Duration spread) {
  /** A month of 730 hours, as in the vendors' price lists. */
  static final BigDecimal SECONDS_A_MONTH = BigDecimal.valueOf(730 * 3600);

  static final int SECONDS_A_DAY = 86_400;

  private static final MathContext DIGITS = MathContext.DECIMAL128;

  /** Checks that the instances that start have started before they start again. */
  public CostPlan {
    BigDecimal starting = startsADay.multiply(seconds(spread));
    if (starting.compareTo(BigDecimal.valueOf(SECONDS_A_DAY)) > 0) {
      throw new IllegalArgumentException(
          "--spread: "
              + OptionRange.words(spread)
              + " (expected: less than from one of the --starts to the next)");
    }
  }

  /** The options as they count, in the order to show them. */
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("secrets", String.valueOf(secrets));
    options.put("instances", String.valueOf(instances));
    options.put("reads", readsASecond.toPlainString());
    options.put("soft-age", OptionRange.words(softAge));
    options.put("jitter", String.valueOf(jitterPercent));
    options.put("idle", OptionRange.words(idle));
    options.put("rotations", rotationsAMonth.toPlainString());
    options.put("starts", startsADay.toPlainString());
    options.put("spread", OptionRange.words(spread));
    return options;
  }

  /** Returns the same plan for so many secrets and instances. */
  CostPlan sized(int newSecrets, int newInstances) {
    return RecordMapping.copy(
        this, CostPlan.class, Map.of("secrets", newSecrets, "instances", newInstances));
  }

  /** How many answers all instances hold together. */
  long held() {
    return (long) secrets * instances;
  }

  /**
   * The mean time from one refresh of an answer to the next, in seconds: a refresh comes earlier
   * than the soft age by up to the jitter, and by half of it on average.
   */
  BigDecimal meanInterval() {
    BigDecimal early = BigDecimal.valueOf(jitterPercent).divide(BigDecimal.valueOf(200));
    return seconds(softAge).multiply(BigDecimal.ONE.subtract(early));
  }

  /**
   * Refreshes a month, of all instances and names. A name that is read at least once in the idle
   * time is refreshed once each mean interval. A name that is read less often is refreshed after
   * each read until the idle time is over. The calculation assumes evenly spread reads.
   */
  BigDecimal refreshes() {
    BigDecimal answers = BigDecimal.valueOf(held());
    BigDecimal always = answers.multiply(SECONDS_A_MONTH).divide(meanInterval(), DIGITS);
    if (!goesIdle()) {
      return always;
    }
    // The read that wakes it, one more since it was read, then one each interval of the idle time.
    BigDecimal each = BigDecimal.valueOf(2).add(seconds(idle).divide(meanInterval(), DIGITS));
    return always.min(readsASecond.multiply(SECONDS_A_MONTH).multiply(each, DIGITS));
  }

  /** Reads a month, answered by the cache or not. */
  BigDecimal readsAMonth() {
    return readsASecond.multiply(SECONDS_A_MONTH);
  }

  /** Whether a name is read less often than once in the idle time. */
  boolean goesIdle() {
    return readsASecond.multiply(seconds(idle)).compareTo(BigDecimal.valueOf(held())) < 0;
  }

  /** Calls a month if each start of the fleet makes that many. */
  BigDecimal startsAMonth(long calls) {
    return startsADay
        .multiply(BigDecimal.valueOf(calls))
        .multiply(SECONDS_A_MONTH)
        .divide(BigDecimal.valueOf(SECONDS_A_DAY), DIGITS);
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3);
  }
}
