package de.lifetimecircle.secrets.operations.moving;

/**
 * What came of comparing one secret in two stores. Immutable; holds no value.
 *
 * @param name the name, the same in both
 * @param outcome how they are
 * @param detail what else there is to say, in words; may be empty
 */
public record ComparedSecret(String name, Outcome outcome, String detail) {
  /** How one secret is in two stores. */
  public enum Outcome {
    /** The same values, in all versions that both list. */
    SAME,
    /** Another value in a version that both list. */
    DIFFERS,
    /** The second store does not have it. */
    ONLY_FIRST,
    /** The first store does not have it. */
    ONLY_SECOND,
    /** One of the stores does not give it out, or has no current version of it. */
    UNREADABLE
  }
}
