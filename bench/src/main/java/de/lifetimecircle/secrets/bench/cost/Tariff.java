package de.lifetimecircle.secrets.bench.cost;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one backend costs and allows. Immutable.
 *
 * @param scheme its word, as in the setting {@code backend}
 * @param prices a figure for every item
 * @param quotas its limits, in the order of the file
 */
record Tariff(String scheme, Map<Item, Price> prices, List<Quota> quotas) {
  Tariff {
    prices = Map.copyOf(prices);
    quotas = List.copyOf(quotas);
    for (Item item : Item.values()) {
      if (!prices.containsKey(item)) {
        throw new IllegalArgumentException(
            "backend '" + scheme + "' lacks the key " + scheme + "." + item.word());
      }
    }
  }

  BigDecimal number(Item item) {
    return Objects.requireNonNull(prices.get(item)).number();
  }

  /** The reads and writes of putting that many secrets. */
  long puts(Traffic traffic, long secrets) {
    return traffic.of(secrets * calls(Item.READS_PER_PUT), secrets * calls(Item.WRITES_PER_PUT));
  }

  /** The calls of that many instances before they read anything. */
  long opening(long instances) {
    return instances * calls(Item.CALLS_PER_START);
  }

  /** Checked to be whole and small when it was read. */
  private long calls(Item item) {
    return number(item).longValueExact();
  }

  /** Whether a read leaves the machine at all: files have neither calls nor quotas. */
  boolean isRemote() {
    return calls(Item.WRITES_PER_PUT) > 0;
  }
}
