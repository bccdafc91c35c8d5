package de.lifetimecircle.secrets.operations.moving;

/**
 * The result of comparing one secret in two stores. Immutable; holds no value.
 *
 * @param name the name, the same in both
 * @param outcome the outcome
 * @param detail more in words; may be empty
 */
public record ComparedSecret(String name, Outcome outcome, String detail) {
  /** The outcome of comparing one secret. */
  public enum Outcome {
    /** The values are equal in all versions that both stores list. */
    SAME,
    /** The values differ in a version that both stores list. */
    DIFFERS,
    /** The second store does not have it. */
    ONLY_FIRST,
    /** The first store does not have it. */
    ONLY_SECOND,
    /** One of the stores does not return it, or has no current version of it. */
    UNREADABLE
  }
}
