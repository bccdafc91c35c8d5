package de.lifetimecircle.secrets.decision.results;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything that one run measured, also one that was interrupted.
 *
 * @param begun when the run began
 * @param took how long it measured, interruptions left out
 * @param extent {@code quick} or {@code full}
 * @param complete whether every measurement that was planned was tried
 * @param machine what the figures depend on besides the code, in the order to show it
 * @param noise the floor of the machine: the probe to its figure in microseconds
 * @param seed of the order in which the backends were taken
 * @param participants the backends
 * @param measurements what was measured, in the order it was
 * @param failures what could not be measured or was left out, and why
 */
public record ComparisonRun(
    Instant begun,
    Duration took,
    String extent,
    boolean complete,
    Map<String, String> machine,
    Map<ResultText, BigDecimal> noise,
    long seed,
    List<Participant> participants,
    List<Measurement> measurements,
    List<ResultText> failures) {
  /** Raised when a field is taken away or means something else. */
  public static final int FORMAT = 2;

  /** Copies the collections but keeps the order of the maps. */
  public ComparisonRun {
    participants = List.copyOf(participants);
    measurements = List.copyOf(measurements);
    failures = List.copyOf(failures);
  }

  /** Returns the same run with other measurements. */
  public ComparisonRun with(List<Measurement> others) {
    return new ComparisonRun(
        begun, took, extent, complete, machine, noise, seed, participants, others, failures);
  }
}
