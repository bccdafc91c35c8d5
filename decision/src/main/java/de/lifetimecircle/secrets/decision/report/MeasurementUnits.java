package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import java.util.Map;

/** The units of measurements: which of them are times, and how long. */
final class MeasurementUnits {
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

  private MeasurementUnits() {}

  static boolean isTime(String unit) {
    return NANOS.containsKey(unit);
  }

  /** Returns a time in nanoseconds; 0 for a figure of another kind. */
  static double nanos(double number, String unit) {
    return number * NANOS.getOrDefault(unit, 0.0);
  }

  /** The median in nanoseconds. */
  static double nanos(Measurement measurement) {
    return nanos(measurement.median(), measurement.unit());
  }
}
