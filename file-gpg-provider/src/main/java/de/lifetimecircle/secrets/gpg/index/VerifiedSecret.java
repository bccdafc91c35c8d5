package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of one name on the disk, verified against the index. Immutable; the array is shared,
 * and no code writes to it.
 *
 * @param name the name
 * @param entry the entry in the index; null if the index does not list the name
 * @param manifest the manifest in force; null if there is none or the name was purged
 * @param hash the hash of that manifest's file; empty without one
 * @param ahead whether the manifest is one step ahead of the index: a writer was interrupted
 * @param leftover whether files of a purged secret are still there
 * @param state how {@code NAME.gpg} compares with the manifest
 * @param file the bytes of {@code NAME.gpg}; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this module.
public record VerifiedSecret(
    String name,
    @Nullable IndexEntry entry,
    @Nullable SecretManifest manifest,
    String hash,
    boolean ahead,
    boolean leftover,
    FileState state,
    byte @Nullable [] file) {

  /** How {@code NAME.gpg} compares with the manifest. */
  public enum FileState {
    /** The current version; or no file, for a name that is not served. */
    AS_STORED,
    /** No file, though the name is served. */
    MISSING,
    /** Another version than the current one. */
    OLDER,
    /** A file that this store did not write. */
    FOREIGN,
    /**
     * A file of another program that is served unchanged, encrypted to the recipients of its
     * folder.
     */
    OTHER_RECIPIENTS,
    /** No file, because another program removed it, and edits are adopted. */
    REMOVED
  }

  /** Returns whether recovery has nothing to do. */
  public boolean isSettled() {
    return !ahead && !leftover && (state == FileState.AS_STORED || isTheirs());
  }

  /** Returns whether another program owns {@code NAME.gpg}. */
  public boolean isTheirs() {
    return state == FileState.OTHER_RECIPIENTS || state == FileState.REMOVED;
  }

  /** Returns the same view for a folder in which another program owns {@code NAME.gpg}. */
  public VerifiedSecret apart() {
    FileState theirs =
        switch (state) {
          case FOREIGN -> FileState.OTHER_RECIPIENTS;
          case MISSING -> FileState.REMOVED;
          default -> state;
        };
    return new VerifiedSecret(name, entry, manifest, hash, ahead, leftover, theirs, file);
  }

  /** Returns the bytes of a foreign file. */
  public byte[] foreign() {
    if (file == null) {
      throw new IllegalStateException("a foreign edit without a file");
    }
    return file;
  }

  /** Returns the id of a foreign file, which changes with every edit of it. */
  public String foreignVersion() {
    return "file-" + Sha256.hex(foreign()).substring(0, 16);
  }

  /** Returns the manifest in force, if there is one. */
  public Optional<SecretManifest> found() {
    return Optional.ofNullable(manifest);
  }

  /** Returns the manifest of a name that exists, deleted or not. */
  public SecretManifest requireKnown() {
    if (manifest == null) {
      throw StoreFailure.of(
          Kind.NOT_FOUND, "the store has no such secret", "Check the name, or store the secret");
    }
    return manifest;
  }

  /** Returns the manifest of a name that is served. */
  public SecretManifest requireLive() {
    SecretManifest known = requireKnown();
    if (state == FileState.REMOVED) {
      throw StoreFailure.of(
          Kind.NOT_FOUND,
          "another program removed it",
          "Write it with that program again, or run: secrets restore " + name);
    }
    if (known.state() == SecretManifest.State.DELETED) {
      throw StoreFailure.of(
          Kind.PENDING_DELETION, "it is deleted", "Restore it, or purge it and store it again");
    }
    return known;
  }

  @Override
  public String toString() {
    return "VerifiedSecret[" + name + ", " + state + "]";
  }
}
