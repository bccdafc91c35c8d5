package de.lifetimecircle.secrets.operations.emergency;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The result of an emergency, with the risks that are still open. Immutable; holds no value.
 *
 * @param secret the name in the inventory
 * @param outcome how this run ended
 * @param took from when the exposure became known until the last step was done
 * @param timeline the steps with their times
 * @param postMortem the file
 * @param open the risks that are left to people; the emergency is not done until it is empty
 */
public record EmergencyReport(
    String secret,
    EmergencyOutcome outcome,
    Duration took,
    List<TimelineEntry> timeline,
    Path postMortem,
    List<OpenItem> open) {
  /** Copies the lists. */
  public EmergencyReport {
    timeline = List.copyOf(timeline);
    open = List.copyOf(open);
  }
}
