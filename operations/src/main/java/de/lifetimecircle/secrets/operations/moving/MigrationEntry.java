package de.lifetimecircle.secrets.operations.moving;

/**
 * One thing that a migration did. Immutable; holds no value.
 *
 * @param name the name of the secret
 * @param deed what was done
 * @param detail versions, or why it was not done; may be empty
 */
public record MigrationEntry(String name, Deed deed, String detail) {
  /** What was done. */
  public enum Deed {
    /** A version was written. */
    COPIED,
    /** A version that the source had listed was gone, so it was left out. */
    SKIPPED,
    /** A rollback removed what this migration had made. */
    REMOVED,
    /** A rollback put back the version that was current before. */
    PUT_BACK,
    /** A rollback left it alone: not what this migration wrote, or what was before is gone. */
    LEFT
  }
}
