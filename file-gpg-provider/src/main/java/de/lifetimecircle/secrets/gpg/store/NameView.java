package de.lifetimecircle.secrets.gpg.store;

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
    @Nullable SecretManifest manifest,
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
    FOREIGN,
    /** The same, to be served as it is: it is encrypted to the recipients of its folder. */
    APART,
    /** Nothing, and to be left so: the program that writes in that folder took it away. */
    REMOVED
  }

  /** Whether there is nothing to put right. */
  boolean isSettled() {
    return !ahead && !leftover && (state == FileState.AS_STORED || isTheirs());
  }

  /** Whether another program decides what lies there. */
  boolean isTheirs() {
    return state == FileState.APART || state == FileState.REMOVED;
  }

  /** The same name where another program decides what lies there. */
  NameView apart() {
    FileState theirs =
        switch (state) {
          case FOREIGN -> FileState.APART;
          case MISSING -> FileState.REMOVED;
          default -> state;
        };
    return new NameView(name, entry, manifest, hash, ahead, leftover, theirs, file);
  }

  /** The bytes of a foreign file. */
  byte[] foreign() {
    if (file == null) {
      throw new IllegalStateException("a foreign edit without a file");
    }
    return file;
  }

  /** The id of a foreign file, which changes with every edit of it. */
  String foreignVersion() {
    return "file-" + Sha256.hex(foreign()).substring(0, 16);
  }

  Optional<SecretManifest> found() {
    return Optional.ofNullable(manifest);
  }

  @Override
  public String toString() {
    return "NameView[" + name + ", " + state + "]";
  }
}
