package de.lifetimecircle.secrets.operations.generation;

import java.util.List;

/**
 * What became of one secret of the inventory. Immutable; holds no value.
 *
 * @param name its name in the store
 * @param outcome what was done
 * @param version the version that now is current; empty where nothing was stored
 * @param missing what has to be brought first, by the names in the inventory
 */
public record GenerationResult(String name, Outcome outcome, String version, List<String> missing) {
  /** What was done. */
  public enum Outcome {
    /** The name is new and has a value now. */
    CREATED,
    /** The name has a new value. */
    REPLACED,
    /** The name had a value, which was left alone. */
    EXISTS,
    /**
     * There is no value, and it is for people to bring one: this one, or the parts it is made of.
     */
    MISSING
  }

  /** Copies the list. */
  public GenerationResult {
    missing = List.copyOf(missing);
  }
}
