package de.lifetimecircle.secrets.operations.moving;

/**
 * One action of a migration. Immutable; holds no value.
 *
 * @param name the name of the secret
 * @param deed the action
 * @param detail versions, or the reason why nothing was done; may be empty
 */
public record MigrationEntry(String name, Deed deed, String detail) {
  /** An action of a migration. */
  public enum Deed {
    /** A version was written. */
    COPIED,
    /** A version was left out, because the source had listed it and no longer has it. */
    SKIPPED,
    /** A rollback removed a name that this migration had created. */
    REMOVED,
    /** A rollback restored the version that was current before. */
    PUT_BACK,
    /**
     * A rollback did not change the name: this migration did not write its value, or the earlier
     * version is gone.
     */
    LEFT
  }
}
