package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;

/**
 * Keeps loads in Java Flight Recorder, where the running Java has it: a Java that was linked for a
 * service may not.
 */
final class FlightRecord {
  private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
  private static final Entry.Measure NOTHING = error -> {};

  private FlightRecord() {}

  static Entry.Measure begin(String scheme, String name, Purpose purpose) {
    return AVAILABLE ? new LoadEvent(scheme, name, purpose).begun() : NOTHING;
  }
}
