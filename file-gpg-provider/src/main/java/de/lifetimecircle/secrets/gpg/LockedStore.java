package de.lifetimecircle.secrets.gpg;

import de.lifetimecircle.secrets.gpg.Manifest.Version;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store while its lock is held for a change: knows the newest root and writes the next one.
 * Used by one thread, as long as it holds the lock.
 */
final class LockedStore {
  private final StoreSession session;
  private IndexRoot root;

  LockedStore(StoreSession session) throws IOException, StoreProblem {
    this.session = session;
    this.root = session.index().load();
  }

  IndexRoot root() {
    return root;
  }

  StoreSession session() {
    return session;
  }

  NameView examine(String name) throws IOException, StoreProblem {
    return session.examiner().examine(root, name);
  }

  /** A new version with that value; nothing is written yet. */
  NewVersion encrypt(byte[] value, long number, int turn, @Nullable String replaced)
      throws IOException, StoreProblem, PgpFailure {
    java.time.Instant now = session.now();
    byte[] file =
        PgpCodec.encrypt(value, session.recipients().certificates(root), session.clock().instant());
    return new NewVersion(
        new Version(
            number, turn, Sha256.hex(file), replaced, now, root.epoch(), root.fingerprints()),
        file);
  }

  /** A version and its file. Immutable; the array is shared by those who do not write to it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  record NewVersion(Version version, byte[] file) {
    NewVersion createdAt(java.time.Instant created) {
      return new NewVersion(
          new Version(
              version.number(),
              version.turn(),
              version.sha256(),
              version.replaced(),
              created,
              version.epoch(),
              version.recipients()),
          file);
    }

    @Override
    public String toString() {
      return "NewVersion[" + version.number() + "]";
    }
  }

  /**
   * Writes a manifest and what goes with it, in the order that recovery relies on: versions,
   * manifest (the commit point), {@code NAME.gpg}, bucket, root.
   *
   * @param current what {@code NAME.gpg} shall hold; empty to take it away
   */
  void commit(Manifest next, List<NewVersion> added, Optional<byte[]> current)
      throws IOException, StoreProblem, PgpFailure {
    String name = next.name();
    Map<String, byte[]> versions = new LinkedHashMap<>();
    for (NewVersion version : added) {
      versions.put(StoreLayout.version(name, version.version()), version.file());
    }
    byte[] signed = session.trust().sign(next.toBytes());
    Transaction transaction = new Transaction(session.files(), name);
    versions.forEach(transaction::link);
    transaction.replace(StoreLayout.manifest(name), signed);
    place(transaction, name, current);
    StoreIndex.Staged staged =
        session.index().stage(transaction, root, name, IndexEntry.of(next, Sha256.hex(signed)));
    run(transaction, staged);
    tidy(next);
  }

  /** Finishes what a writer began who was cut off after the commit point. */
  void finish(NameView view, Optional<byte[]> current)
      throws IOException, StoreProblem, PgpFailure {
    Transaction transaction = new Transaction(session.files(), view.name());
    if (view.state() != NameView.FileState.AS_STORED) {
      place(transaction, view.name(), current);
    }
    Manifest manifest = view.manifest();
    if (!view.ahead() || manifest == null) {
      transaction.run();
      return;
    }
    IndexEntry entry = IndexEntry.of(manifest, view.hash());
    run(transaction, session.index().stage(transaction, root, view.name(), entry));
  }

  /** Says in the index alone what became of a name. */
  void record(String name, IndexEntry entry) throws IOException, StoreProblem, PgpFailure {
    Transaction transaction = new Transaction(session.files(), name);
    run(transaction, session.index().stage(transaction, root, name, entry));
  }

  /** Adds a root to a transaction, which may add more before it runs. */
  StoreIndex.Staged stage(Transaction transaction, IndexRoot next) throws PgpFailure {
    return session.index().stage(transaction, next, null);
  }

  /** Runs a transaction that publishes a root. */
  void run(Transaction transaction, StoreIndex.Staged staged) throws IOException, StoreProblem {
    transaction.run();
    root = session.index().published(staged);
  }

  /** Publishes a root alone. */
  void publish(Transaction transaction, IndexRoot next)
      throws IOException, StoreProblem, PgpFailure {
    run(transaction, stage(transaction, next));
  }

  private static void place(Transaction transaction, String name, Optional<byte[]> current) {
    if (current.isPresent()) {
      transaction.replace(StoreLayout.current(name), current.get());
    } else {
      transaction.remove(StoreLayout.current(name));
    }
  }

  /** Removes version files that the manifest does not list; returns their number. */
  int tidy(Manifest manifest) throws IOException, StoreProblem {
    String folder = StoreLayout.folder(manifest.name());
    List<String> listed = manifest.versions().stream().map(StoreLayout::versionFile).toList();
    int removed = 0;
    for (String fileName : session.files().list(folder)) {
      if (!StoreLayout.isManifest(fileName) && !listed.contains(fileName)) {
        session.files().delete(folder + "/" + fileName);
        removed++;
      }
    }
    return removed;
  }

  /** Removes all files of a name that has none any more. */
  void clear(String name) throws IOException, StoreProblem {
    String folder = StoreLayout.folder(name);
    for (String fileName : session.files().list(folder)) {
      session.files().delete(folder + "/" + fileName);
    }
    session.files().delete(folder);
  }
}
