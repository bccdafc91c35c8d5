package de.lifetimecircle.secrets.gpg;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the disk says of one name, all of it verified against the index. Immutable; the array is
 * shared by those who promise not to write to it.
 *
 * @param name the name
 * @param entry what the index says; null if it does not know the name
 * @param manifest the manifest in force; null if there is none or the name was purged
 * @param hash the hash of that manifest's file; empty without one
 * @param ahead whether the manifest is one step ahead of the index: a writer was cut off
 * @param leftover whether files of a purged secret are still there
 * @param state how {@code NAME.gpg} compares with the manifest
 * @param file the bytes of {@code NAME.gpg}; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
record NameView(
    String name,
    @Nullable IndexEntry entry,
    @Nullable Manifest manifest,
    String hash,
    boolean ahead,
    boolean leftover,
    FileState state,
    byte @Nullable [] file) {

  /** How {@code NAME.gpg} compares with the manifest. */
  enum FileState {
    /** As it must be: the current version, or nothing for a name that is not served. */
    AS_STORED,
    /** Nothing, though the name is served. */
    MISSING,
    /** A version that is not to be served there. */
    OLDER,
    /** Nothing that this store wrote. */
    FOREIGN
  }

  /** Whether there is nothing to put right. */
  boolean isSettled() {
    return !ahead && !leftover && state == FileState.AS_STORED;
  }

  Optional<Manifest> found() {
    return Optional.ofNullable(manifest);
  }

  @Override
  public String toString() {
    return "NameView[" + name + ", " + state + "]";
  }
}
