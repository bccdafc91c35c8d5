package de.lifetimecircle.secrets.decision.cost;

import java.util.Locale;

/** The calls that a quota counts. */
public enum QuotaCalls {
  /** Calls that read, logins included. */
  READ,
  /** Calls that write. */
  WRITE,
  /** Every call. */
  ALL;

  /** The word in the price list and in reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The same in a sentence: {@code reads}, {@code calls}. */
  String plural() {
    return this == ALL ? "calls" : this + "s";
  }

  /** Returns the sum of the calls that the quota counts. */
  long of(long reads, long writes) {
    return switch (this) {
      case READ -> reads;
      case WRITE -> writes;
      case ALL -> reads + writes;
    };
  }
}
