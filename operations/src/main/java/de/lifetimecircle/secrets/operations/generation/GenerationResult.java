package de.lifetimecircle.secrets.operations.generation;

import java.util.List;

/**
 * The result of generating one secret. Immutable; holds no value.
 *
 * @param name its name in the store
 * @param outcome the outcome
 * @param version the version that is current now; empty if nothing was stored
 * @param missing the secrets that a person must supply first, by their names in the inventory
 */
public record GenerationResult(String name, Outcome outcome, String version, List<String> missing) {
  /** The outcome of generating one secret. */
  public enum Outcome {
    /** The name was new and has a value now. */
    CREATED,
    /** The name has a new value. */
    REPLACED,
    /** The name had a value, which is unchanged. */
    EXISTS,
    /** There is no value, because a person must supply it or the parts of its template. */
    MISSING
  }

  /** Copies the list. */
  public GenerationResult {
    missing = List.copyOf(missing);
  }
}
