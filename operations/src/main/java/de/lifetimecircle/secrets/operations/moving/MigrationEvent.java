package de.lifetimecircle.secrets.operations.moving;

/**
 * One action of a migration. Immutable; holds no value.
 *
 * @param name the name of the secret
 * @param type the action
 * @param detail versions, or the reason why nothing was done; may be empty
 */
public record MigrationEvent(String name, Type type, String detail) {
  /** An action of a migration. */
  public enum Type {
    /** A version was written. */
    COPIED,
    /** A version was left out, because the source had listed it and no longer has it. */
    SKIPPED,
    /** The previous version is not accepted any more, as in the source. */
    RETIRED,
    /** A name that this migration had created is deleted, by its rollback or before. */
    REMOVED,
    /** A rollback restored the version that was current before. */
    PUT_BACK,
    /**
     * A rollback did not change the name: this migration did not write its value, or the earlier
     * version is gone. Or a copy or a rollback of this name alone failed. Or a version of it that
     * the source no longer accepts stays valid.
     */
    LEFT
  }
}
