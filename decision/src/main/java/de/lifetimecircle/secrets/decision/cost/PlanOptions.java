package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * The options that describe a plan and its prices. Their defaults are the case in docs/cost.md.
 * Filled by {@link CommandOptions}, not changed afterwards.
 */
public final class PlanOptions {
  private static final Duration MONTH = Duration.ofDays(30);

  @Option(names = "--secrets")
  private int secrets = 3;

  @Option(names = "--instances")
  private int instances = 4;

  @Option(names = "--reads")
  private BigDecimal reads = BigDecimal.valueOf(50);

  @Option(names = "--soft-age")
  private Duration softAge = Duration.ofMinutes(5);

  @Option(names = "--jitter")
  private int jitter = 20;

  @Option(names = "--idle")
  private Duration idle = Duration.ofHours(1);

  @Option(names = "--rotations")
  private BigDecimal rotations = BigDecimal.ONE;

  @Option(names = "--starts")
  private BigDecimal starts = BigDecimal.ONE;

  @Option(names = "--spread")
  private Duration spread = Duration.ofSeconds(1);

  @Option(names = "--set")
  private List<String> set = new ArrayList<>();

  @Option(names = "--prices")
  private String prices = "";

  /**
   * Returns the plan.
   *
   * @throws IllegalArgumentException if a figure is out of its range; says so in one sentence
   */
  CostPlan plan() {
    return new CostPlan(
        OptionRange.require("--secrets", secrets, 1, 1_000_000),
        OptionRange.require("--instances", instances, 1, 1_000_000),
        number("--reads", reads, 1_000_000_000),
        time("--soft-age", softAge, MONTH),
        OptionRange.require("--jitter", jitter, 0, 50),
        time("--idle", idle, MONTH),
        number("--rotations", rotations, 100_000),
        number("--starts", starts, 1440),
        time("--spread", spread, Duration.ofHours(12)));
  }

  /** Returns the figures that replace those of the data file. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    for (String text : set) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "--set: " + text + " (expected: KEY=VALUE, such as vault.hours-a-month=4)");
      }
      given.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return given;
  }

  /** Returns the data file: the named one, or else that of the program. */
  public DataFile prices() {
    return DataFile.of(prices, "prices", "prices.properties");
  }

  private static BigDecimal number(String option, BigDecimal number, int most) {
    return OptionRange.require(option, number, BigDecimal.ZERO, BigDecimal.valueOf(most));
  }

  private static Duration time(String option, Duration time, Duration most) {
    return OptionRange.require(option, time, Duration.ofSeconds(1), most);
  }
}
