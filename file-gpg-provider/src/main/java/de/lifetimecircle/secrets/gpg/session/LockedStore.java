package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store while its lock is held for a change: knows the newest root and writes the next one.
 * Used by one thread, as long as it holds the lock.
 */
public final class LockedStore {
  private final StoreSession session;
  private IndexRoot root;

  LockedStore(StoreSession session) throws IOException {
    this.session = session;
    this.root = session.index().load();
  }

  IndexRoot root() {
    return root;
  }

  StoreSession session() {
    return session;
  }

  VerifiedSecret examine(String name) throws IOException {
    return session.examiner().examine(root, name);
  }

  /** Makes a new version with that value, without writing it. */
  NewVersion encrypt(
      byte[] value, long number, int turn, @Nullable String replaced, Instant created)
      throws IOException {
    byte[] file =
        PgpCodec.encrypt(value, session.recipients().certificates(root), session.trust().now());
    return new NewVersion(
        new Version(
            number, turn, Sha256.hex(file), replaced, created, root.epoch(), root.fingerprints()),
        file);
  }

  /** A version and its file. Immutable; the array is shared, and no code writes to it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  record NewVersion(Version version, byte[] file) {
    @Override
    public String toString() {
      return "NewVersion[" + version.number() + "]";
    }
  }

  /**
   * Writes a manifest and its files in the order that recovery relies on: versions, manifest (the
   * commit point), {@code NAME.gpg}, bucket, root. Versions that are no longer listed are removed
   * last, so a crash before that loses nothing.
   *
   * @param view the name before the change
   * @param current the new bytes of {@code NAME.gpg}; empty to remove it
   */
  void commit(
      VerifiedSecret view, SecretManifest next, List<NewVersion> added, Optional<byte[]> current)
      throws IOException {
    String name = next.name();
    byte[] signed = session.trust().sign(next.toBytes());
    StoreTransaction transaction = new StoreTransaction(session.files(), name);
    for (NewVersion version : added) {
      transaction.link(version.version().file(name), version.file());
    }
    transaction.replace(StoreLayout.manifest(name), signed);
    place(transaction, name, current);
    StoreIndex.Staged staged =
        session.index().stage(transaction, root, name, IndexEntry.of(next, Sha256.hex(signed)));
    view.found().ifPresent(before -> drop(transaction, before, next));
    run(transaction, staged);
  }

  /** Adds to the transaction the removal of versions that the manifest no longer lists. */
  private static void drop(
      StoreTransaction transaction, SecretManifest before, SecretManifest next) {
    String name = next.name();
    List<String> kept = next.versions().stream().map(version -> version.file(name)).toList();
    for (Version version : before.versions()) {
      if (!kept.contains(version.file(name))) {
        transaction.drop(version.file(name), version.sha256());
      }
    }
  }

  /** Returns the bytes that {@code NAME.gpg} has under a manifest; empty if it is not served. */
  Optional<byte[]> shown(VerifiedSecret view, @Nullable SecretManifest manifest)
      throws IOException {
    return manifest == null || manifest.state() != SecretManifest.State.LIVE
        ? Optional.empty()
        : Optional.of(session.examiner().stored(view, manifest.currentVersion()));
  }

  /** Completes a change whose writer was interrupted after the commit point. */
  void finish(VerifiedSecret view) throws IOException {
    SecretManifest manifest = view.manifest();
    Optional<byte[]> current = shown(view, manifest);
    StoreTransaction transaction = new StoreTransaction(session.files(), view.name());
    if (view.state() != VerifiedSecret.FileState.AS_STORED && !session.isApart(root, view.name())) {
      place(transaction, view.name(), current);
    }
    if (!view.ahead() || manifest == null) {
      transaction.run();
      return;
    }
    IndexEntry entry = IndexEntry.of(manifest, view.hash());
    run(transaction, session.index().stage(transaction, root, view.name(), entry));
  }

  /** Runs a transaction that publishes a root. */
  void run(StoreTransaction transaction, StoreIndex.Staged staged) throws IOException {
    transaction.run();
    root = session.index().published(staged);
  }

  /** Publishes a root alone. */
  void publish(StoreTransaction transaction, IndexRoot next) throws IOException {
    run(transaction, session.index().stage(transaction, next));
  }

  private static void place(StoreTransaction transaction, String name, Optional<byte[]> current) {
    if (current.isPresent()) {
      transaction.replace(StoreLayout.current(name), current.get());
    } else {
      transaction.remove(StoreLayout.current(name));
    }
  }

  /** Deletes all files of a name that was purged, and those of it that were moved aside before. */
  void purge(VerifiedSecret view, IndexEntry entry) throws IOException {
    DurableFiles files = session.files();
    String name = view.name();
    StoreTransaction transaction = new StoreTransaction(files, name);
    for (String folder : List.of(StoreLayout.folder(name), StoreLayout.asideFolder(name))) {
      for (String fileName : files.list(folder)) {
        String file = folder + "/" + fileName;
        byte[] bytes = files.readOwn(file, PgpMessage.MAX_BYTES);
        if (bytes != null) {
          transaction.drop(file, Sha256.hex(bytes));
        }
      }
    }
    run(transaction, session.index().stage(transaction, root, name, entry));
    for (String folder : List.of(StoreLayout.folder(name), StoreLayout.asideFolder(name))) {
      files.deleteIfEmpty(folder);
    }
  }
}
