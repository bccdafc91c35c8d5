package de.lifetimecircle.secrets.operations.emergency;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How an emergency ended, or what of it is still open. Immutable; holds no value.
 *
 * @param secret the name in the inventory
 * @param known when it became known
 * @param ended when the last step was done
 * @param timeline what was done when
 * @param postMortem the file
 * @param open what is left to people: while there is any, the emergency is not done
 */
public record EmergencyReport(
    String secret,
    Instant known,
    Instant ended,
    List<TimelineEntry> timeline,
    Path postMortem,
    List<RemainingRisk> open) {
  /** Copies the lists. */
  public EmergencyReport {
    timeline = List.copyOf(timeline);
    open = List.copyOf(open);
  }

  /** How long it took, from when it became known. */
  public Duration took() {
    Duration took = Duration.between(known, ended);
    return took.isNegative() ? Duration.ZERO : took;
  }
}
