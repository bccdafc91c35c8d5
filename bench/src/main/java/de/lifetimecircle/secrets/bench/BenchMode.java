package de.lifetimecircle.secrets.bench;

/** How long a suite may measure: the checks are the same, only the figures are rougher. */
public enum BenchMode {
  /** For figures to keep; all suites together end within 15 minutes. */
  FULL,
  /** For a first look; each suite ends within 2 minutes. */
  QUICK;

  /** One of two numbers: rounds, seconds, operations. */
  public int pick(int full, int quick) {
    return this == FULL ? full : quick;
  }
}
