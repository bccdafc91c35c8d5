package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.rotation.HookWatch;
import java.time.Duration;

/** Receives each step of an emergency, on the thread that runs it. */
public interface EmergencyListener extends HookWatch {
  /** Ignores every step. */
  EmergencyListener SILENT =
      new EmergencyListener() {
        @Override
        public void begins(EmergencyStep step, Duration elapsed) {}

        @Override
        public void happened(TimelineEntry moment, Duration elapsed) {}
      };

  /**
   * Reports that a step begins.
   *
   * @param elapsed the time since the exposure became known
   */
  void begins(EmergencyStep step, Duration elapsed);

  /**
   * Reports a new line of the timeline.
   *
   * @param elapsed the time since the exposure became known
   */
  void happened(TimelineEntry moment, Duration elapsed);

  @Override
  default void runs(String hook, Duration took, Duration limit, String said) {}
}
