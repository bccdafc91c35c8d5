package de.lifetimecircle.secrets.operations.status;

import java.util.List;
import java.util.Set;

/**
 * The state of one point of the checklist. Immutable; holds no value.
 *
 * @param point the point
 * @param state its state
 * @param title the point in words
 * @param proof the evidence: checked facts and claims
 * @param missing the missing parts; empty if the point is done
 * @param commands the different commands that fix its missing parts, in their order; empty if the
 *     point is done
 * @param incomplete those of the commands in which a person has to fill in something first
 */
public record ChecklistItem(
    ChecklistPoint point,
    State state,
    String title,
    List<String> proof,
    List<String> missing,
    List<String> commands,
    Set<String> incomplete) {
  /** The state of a point. */
  public enum State {
    /** This program has checked the point. */
    PROVEN,
    /** A part cannot be checked, and a person claims that it is done. */
    CLAIMED,
    /** The point is not done, or there is no evidence. */
    MISSING
  }

  /** Copies the collections. */
  public ChecklistItem {
    proof = List.copyOf(proof);
    missing = List.copyOf(missing);
    commands = List.copyOf(commands);
    incomplete = Set.copyOf(incomplete);
  }

  /** Returns the first command that fixes it; empty if the point is done. */
  public String command() {
    return commands.isEmpty() ? "" : commands.get(0);
  }
}
