package de.lifetimecircle.secrets.operations.emergency;

import java.time.Duration;

/** Hears of each step of an emergency, on the thread that works. */
public interface EmergencyListener {
  /** Hears nothing. */
  EmergencyListener SILENT =
      new EmergencyListener() {
        @Override
        public void begins(EmergencyStep step, Duration elapsed) {}

        @Override
        public void happened(TimelineEntry moment, Duration elapsed) {}
      };

  /**
   * A step begins.
   *
   * @param elapsed how much of the time is used up
   */
  void begins(EmergencyStep step, Duration elapsed);

  /**
   * The timeline has one more line.
   *
   * @param elapsed how much of the time is used up
   */
  void happened(TimelineEntry moment, Duration elapsed);
}
