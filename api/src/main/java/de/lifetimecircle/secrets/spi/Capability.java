package de.lifetimecircle.secrets.spi;

/**
 * An ability of a backend. The contract tests each declared capability, and tests that each
 * undeclared one fails with {@code UNSUPPORTED}.
 *
 * <pre>{@code
 * Set<Capability> capabilities = // of a store that lists names and writes
 *     Set.of(Capability.LIST, Capability.WRITE, Capability.CREATE_ONLY);
 * }</pre>
 */
public enum Capability {
  /** Keeps versions: {@link VersionedStore}. */
  VERSIONS,
  /** Lists names: {@link ListableStore}. */
  LIST,
  /** Fetches many names in one call: {@link BatchStore}. */
  BATCH,
  /** Writes: {@link WritableStore}. */
  WRITE,
  /** Refuses a create of a name that exists, also between two racing writers. */
  CREATE_ONLY,
  /** Refuses a put when the current version is another one, also between two racing writers. */
  PUT_IF_VERSION,
  /**
   * Does a put that comes twice with the same {@link PutRequest#id} once: the repetition changes
   * nothing and answers as the first. Only such a put is tried again after a failure.
   */
  REPEATABLE_PUT,
  /** Keeps a pending version and promotes any version to current. */
  STAGES,
  /** Deletes: {@link DeletableStore}. */
  DELETE,
  /** Restores a deleted secret. */
  RESTORE,
  /** Purges a deleted secret. */
  PURGE,
  /** Keeps an empty value. */
  EMPTY_VALUE,
  /** Tells a wrong name from a missing right. */
  DENIED_IS_NOT_MISSING,
  /** A read after an acknowledged write sees it, through any client. */
  READ_AFTER_WRITE
}
