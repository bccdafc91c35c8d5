package de.lifetimecircle.secrets.decision.cost;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Where a figure comes from. Immutable.
 *
 * @param day the day it was read
 * @param origin who says so
 * @param text the page or the reason
 */
record PriceSource(LocalDate day, Origin origin, SourceText text) {
  /** The author of a figure. */
  enum Origin {
    /** The vendor's own page. */
    VENDOR,
    /** Others, who quote the vendor. */
    QUOTED,
    /** The code of our provider. */
    COUNTED,
    /** The team. */
    JUDGEMENT,
    /** The command line of this run. */
    GIVEN;

    /** The word in the file and in reports. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many days ago it was read. */
  long age(LocalDate today) {
    return ChronoUnit.DAYS.between(day, today);
  }

  /** Whether it can go out of date by itself: a page changes, the code and an opinion are ours. */
  boolean ages() {
    return origin == Origin.VENDOR || origin == Origin.QUOTED;
  }
}
