package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The costs and limits of a plan on one backend. Immutable.
 *
 * @param scheme of the backend
 * @param dollars its costs
 * @param calls that it sees
 * @param setupHours of work once
 * @param hoursAMonth of work
 * @param quotas what the plan takes of each quota, in the order of the data file
 */
public record BackendFigures(
    String scheme,
    Dollars dollars,
    Calls calls,
    BigDecimal setupHours,
    BigDecimal hoursAMonth,
    List<QuotaShare> quotas) {

  /**
   * The calls of one backend; all 0 if it has none.
   *
   * @param remote whether a read leaves the machine at all
   * @param aMonth in a month
   * @param aSecond on average
   * @param worstSecond the most in one second, whatever the jitter
   */
  public record Calls(boolean remote, BigDecimal aMonth, BigDecimal aSecond, long worstSecond) {
    private static final Calls NONE = new Calls(false, BigDecimal.ZERO, BigDecimal.ZERO, 0);
  }

  static BackendFigures of(
      CostPlan plan,
      BackendTariff tariff,
      BigDecimal hour,
      SimulatedDay jittered,
      SimulatedDay even) {
    CallDemand demand = CallDemand.of(plan, tariff);
    return new BackendFigures(
        tariff.scheme(),
        Dollars.of(plan, tariff, demand, hour),
        tariff.isRemote()
            ? new Calls(
                true,
                demand.calls(QuotaCalls.ALL),
                demand.average(QuotaCalls.ALL, 1),
                CallDemand.worst(plan, tariff, QuotaCalls.ALL))
            : Calls.NONE,
        tariff.number(PriceItem.SETUP_HOURS),
        tariff.number(PriceItem.HOURS_A_MONTH),
        tariff.quotas().stream()
            .map(quota -> QuotaShare.of(quota, plan, tariff, jittered, even))
            .toList());
  }

  /** Returns the components of a record as JSON, to ten decimals and without an exponent. */
  public static Map<String, @Nullable Object> json(Record figures) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(RecordMapping.members(figures));
    json.replaceAll((name, value) -> value instanceof BigDecimal number ? plain(number) : value);
    return json;
  }

  /** To ten decimals, without an exponent. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal rounded = number.setScale(10, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
