package de.lifetimecircle.secrets.bench;

import java.util.Locale;

/** How long a suite may measure: the checks are the same, only the figures are rougher. */
public enum BenchMode {
  /** For figures to keep; all suites together end within 20 minutes. */
  FULL,
  /** For a first look; each suite ends within 4 minutes. */
  QUICK,
  /** For tests of the suites: every row in a few seconds, with figures that mean nothing. */
  SMOKE;

  /** Returns its name in a report: {@code full}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns one of three numbers: rounds, seconds, operations. */
  public int pick(int full, int quick, int smoke) {
    return switch (this) {
      case FULL -> full;
      case QUICK -> quick;
      case SMOKE -> smoke;
    };
  }
}
