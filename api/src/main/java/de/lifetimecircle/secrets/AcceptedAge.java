package de.lifetimecircle.secrets;

import java.time.Duration;

/**
 * How old an answer a call accepts: one that was asked for since the call began, or no longer ago
 * than an age. Immutable.
 */
final class AcceptedAge {
  private final ClockReading call;
  private final long nanos;

  private AcceptedAge(ClockReading call, long nanos) {
    this.call = call;
    this.nanos = nanos;
  }

  /** None: for a call that begins now. */
  static AcceptedAge none(ClockReading now) {
    return new AcceptedAge(now, 0);
  }

  /**
   * That age, for a call that begins now.
   *
   * @throws IllegalArgumentException if it is negative
   */
  static AcceptedAge of(Duration maxAge, ClockReading now) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: not negative)");
    }
    boolean isAny = maxAge.compareTo(DurationFormat.LONGEST) > 0;
    return new AcceptedAge(now, isAny ? Long.MAX_VALUE : maxAge.toNanos());
  }

  /** Whether an answer is young enough that was asked for then. */
  boolean accepts(ClockReading asked) {
    return !asked.isBefore(call) || (nanos > 0 && asked.until(call) <= nanos);
  }
}
