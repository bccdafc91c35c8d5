package de.lifetimecircle.secrets.decision.report;

/** The units of measurements: which of them are times, and how long. */
final class MeasurementUnits {
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;

  private MeasurementUnits() {}

  static boolean isTime(String unit) {
    return factor(unit) > 0;
  }

  /** A time in nanoseconds. */
  static double nanos(double number, String unit) {
    return number * factor(unit);
  }

  private static double factor(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us" -> MICRO;
      case "ms" -> MILLI;
      case "s" -> SECOND;
      default -> 0;
    };
  }
}
