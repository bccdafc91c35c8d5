package de.lifetimecircle.secrets.operations.emergency;

import java.util.List;

/**
 * What an emergency leaves to people: why the exposed value may still be of use to somebody, and
 * what to do by hand. Immutable; holds no value.
 *
 * @param summary what is open, a sentence without its full stop
 * @param byHand what to do, one step a line
 */
public record RemainingRisk(String summary, List<String> byHand) {
  /** Copies the list. */
  public RemainingRisk {
    byHand = List.copyOf(byHand);
  }
}
