package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.internal.config.DurationFormat;
import java.time.Duration;

/**
 * How old an answer a call accepts: one that was asked for since the call began, or no longer ago
 * than an age. Immutable.
 *
 * @param call when the call began
 * @param nanos the age; 0 for none
 */
public record MaxAge(Timestamp call, long nanos) {
  /** None: for a call that begins now. */
  public static MaxAge none(Timestamp now) {
    return new MaxAge(now, 0);
  }

  /**
   * That age, for a call that begins now.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static MaxAge of(Duration maxAge, Timestamp now) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: not negative)");
    }
    boolean isAny = maxAge.compareTo(DurationFormat.LONGEST) > 0;
    return new MaxAge(now, isAny ? Long.MAX_VALUE : maxAge.toNanos());
  }

  /** Whether an answer is young enough that was asked for then. */
  boolean accepts(Timestamp asked) {
    return !asked.isBefore(call) || (nanos > 0 && asked.until(call) <= nanos);
  }
}
