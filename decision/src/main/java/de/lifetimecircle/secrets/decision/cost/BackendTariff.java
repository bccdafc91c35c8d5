package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The prices and limits of one backend. Immutable.
 *
 * @param scheme its word, as in the setting {@code backend}
 * @param prices a figure for every item
 * @param quotas its limits, in the order of the file
 */
record BackendTariff(String scheme, Map<PriceItem, BigDecimal> prices, List<CallQuota> quotas) {
  BackendTariff {
    prices = Map.copyOf(prices);
    quotas = List.copyOf(quotas);
    for (PriceItem item : PriceItem.values()) {
      if (!prices.containsKey(item)) {
        throw new IllegalArgumentException(
            "backend '" + scheme + "' lacks the key " + scheme + "." + item.word());
      }
    }
  }

  BigDecimal number(PriceItem item) {
    return Objects.requireNonNull(prices.get(item));
  }

  /** The reads and writes of putting that many secrets. */
  long puts(QuotaCalls traffic, long secrets) {
    return traffic.of(
        secrets * calls(PriceItem.READS_PER_PUT), secrets * calls(PriceItem.WRITES_PER_PUT));
  }

  /** The calls of that many instances before they read anything. */
  long opening(long instances) {
    return instances * calls(PriceItem.CALLS_PER_START);
  }

  /** Checked to be whole and small when it was read. */
  private long calls(PriceItem item) {
    return number(item).longValueExact();
  }

  /** Whether a read leaves the machine at all: files have neither calls nor quotas. */
  boolean isRemote() {
    return calls(PriceItem.WRITES_PER_PUT) > 0;
  }
}
