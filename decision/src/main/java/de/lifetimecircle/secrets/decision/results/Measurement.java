package de.lifetimecircle.secrets.decision.results;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One figure of one participant at one distance.
 *
 * @param id what was measured, e.g. {@code cold-get}: the same for all participants
 * @param participant the {@link Participant#name}
 * @param client {@code provider} for this library, else the peer that did the same work, e.g.
 *     {@code aws-sdk}
 * @param roundTripMillis the round trip that was added to every exchange; 0 for none
 * @param unit of all numbers here: {@code ns}, {@code us}, {@code ms}, {@code MB}, {@code count}, …
 * @param samples how many operations the figure stands for
 * @param median what to compare by
 * @param low the lower end of the 99 % confidence interval of the median
 * @param high its upper end
 * @param p90 empty where the figure is not a distribution, as the next two
 * @param p99 as p90
 * @param p999 as p90
 * @param warmUp what was run before and not counted
 * @param notes what a reader must know, e.g. why it failed
 */
public record Measurement(
    String id,
    String participant,
    String client,
    double roundTripMillis,
    String unit,
    long samples,
    double median,
    double low,
    double high,
    OptionalDouble p90,
    OptionalDouble p99,
    OptionalDouble p999,
    ResultText warmUp,
    List<ResultText> notes) {
  /** The client that is this library. */
  public static final String PROVIDER = "provider";

  /** The id of the time that the documented steps take from nothing to the first secret. */
  public static final String SET_UP = "set-up";

  /** Copies the notes. */
  public Measurement {
    notes = List.copyOf(notes);
  }

  /** Whether the two differ by more than their uncertainty. */
  public boolean isApartFrom(Measurement other) {
    return high < other.low || other.high < low;
  }

  /** Whether the two are the same measurement at the same distance, in the same unit. */
  public boolean isComparableWith(Measurement other) {
    return id.equals(other.id)
        && unit.equals(other.unit)
        && roundTripMillis == other.roundTripMillis;
  }

  /** Returns a round trip in milliseconds as a text, without a fraction where it has none. */
  public static String tripText(double trip) {
    return trip == Math.rint(trip) ? String.valueOf((long) trip) : String.valueOf(trip);
  }
}
