package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** A figure that the price list has for each backend. */
enum PriceItem implements Worded {
  /** Dollars for a stored secret and month. */
  DOLLARS_PER_SECRET_MONTH,
  /** Dollars for 10,000 calls. */
  DOLLARS_PER_10000_CALLS,
  /** Calls that read in one put. */
  READS_PER_PUT,
  /** Calls that write in one put. */
  WRITES_PER_PUT,
  /** Calls of an instance that starts, before it reads anything. */
  CALLS_PER_START,
  /** Machines that only the backend needs. */
  MACHINES,
  /** Dollars for one of them and month. */
  DOLLARS_PER_MACHINE_MONTH,
  /** Hours of work a month. */
  HOURS_A_MONTH,
  /** Hours of work once. */
  SETUP_HOURS;

  private static final BigDecimal MOST_CALLS = BigDecimal.valueOf(1000);

  static Optional<PriceItem> named(String word) {
    return Arrays.stream(values()).filter(item -> item.word().equals(word)).findFirst();
  }

  /**
   * Checks a figure.
   *
   * @throws IllegalArgumentException if it makes no sense here
   */
  void require(BigDecimal number) {
    boolean counts = this == READS_PER_PUT || this == WRITES_PER_PUT || this == CALLS_PER_START;
    boolean whole = number.stripTrailingZeros().scale() <= 0;
    if (counts && (!whole || number.compareTo(MOST_CALLS) > 0)) {
      throw new IllegalArgumentException(
          number.toPlainString() + " (expected: a whole number of calls, at most 1000)");
    }
  }
}
