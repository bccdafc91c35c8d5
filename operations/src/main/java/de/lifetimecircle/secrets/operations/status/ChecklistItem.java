package de.lifetimecircle.secrets.operations.status;

import java.util.List;

/**
 * How one point of the checklist stands. Immutable; holds no value.
 *
 * @param point the point
 * @param state how it stands
 * @param title the point in words
 * @param proof what the tick rests on: what was looked at, or who said it
 * @param missing what is not there; empty for a tick
 * @param command what mends it; empty for a tick
 */
public record ChecklistItem(
    ChecklistPoint point,
    State state,
    String title,
    List<String> proof,
    List<String> missing,
    String command) {
  /** How a point stands. */
  public enum State {
    /** This program has seen it. */
    PROVEN,
    /** A part of it cannot be seen, and somebody said that it is so. */
    CLAIMED,
    /** It is not so, or nobody knows. */
    MISSING
  }

  /** Copies the lists. */
  public ChecklistItem {
    proof = List.copyOf(proof);
    missing = List.copyOf(missing);
  }
}
