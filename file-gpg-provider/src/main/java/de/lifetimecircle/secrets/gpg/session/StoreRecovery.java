package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.files.WriteNote;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Repairs the traces of a crash or of another program. Used by the thread that holds the lock. */
final class StoreRecovery {
  private final LockedStore store;
  private final StoreSession session;

  StoreRecovery(LockedStore store) {
    this.store = store;
    this.session = store.session();
  }

  /**
   * Tidies up after interrupted writers; cheap if there was none. Deletes files that their notes
   * name and nothing in force does; all other files stay.
   */
  void sweep() throws IOException {
    DurableFiles files = session.files();
    List<String> left = new ArrayList<>(files.list(StoreLayout.TEMPORARY));
    left.removeIf(fileName -> !WriteNote.isStaged(fileName) && !WriteNote.isNote(fileName));
    if (left.isEmpty()) {
      return;
    }
    Map<String, WriteNote> notes = new LinkedHashMap<>();
    for (String fileName : left) {
      String file = StoreLayout.TEMPORARY + "/" + fileName;
      if (WriteNote.isStaged(fileName)) {
        files.delete(file);
      } else {
        read(file).ifPresent(note -> notes.put(file, note));
      }
    }
    for (WriteNote note : notes.values()) {
      undo(note);
    }
    for (String file : notes.keySet()) {
      files.delete(file);
    }
    StoreLog.LOG.log(System.Logger.Level.INFO, "Tidied up after an interrupted writer.");
  }

  /**
   * Reads a note. Anybody may have left the file, so one that no writer can have written must not
   * stop all writes.
   */
  private Optional<WriteNote> read(String file) throws IOException {
    try {
      byte[] note = session.files().read(file, WriteNote.MAX_BYTES);
      return note == null ? Optional.empty() : Optional.of(WriteNote.parse(note));
    } catch (StoreFailure e) {
      StoreLog.LOG.log(
          System.Logger.Level.WARNING,
          "Moved a note aside that no writer left: "
              + session.files().moveAside(file)
              + " ("
              + e.reason()
              + ").");
      return Optional.empty();
    }
  }

  /**
   * Undoes an interrupted change. Anybody may have left the note, so a failure is logged here and
   * left to readers of that name.
   */
  private void undo(WriteNote note) throws IOException {
    try {
      for (Map.Entry<String, String> file : note.files().entrySet()) {
        if (StoreLayout.isBucket(file.getKey()) && !isNamed(file.getKey())) {
          session.files().deleteIf(file.getKey(), file.getValue());
        }
      }
      if (!note.subject().isEmpty()) {
        undoVersions(note);
        settle(note.subject());
      }
    } catch (StoreFailure e) {
      log(note.subject(), "cannot put it right: " + e.reason());
    } catch (PgpFailure e) {
      // For example an expired recipient, who could not be removed if this stopped all writes.
      log(note.subject(), "cannot put it right: " + e.text());
    }
  }

  private boolean isNamed(String bucketFile) {
    IndexRoot.Bucket named = store.root().buckets().get(StoreLayout.bucketIn(bucketFile));
    return named != null && named.generation() >= StoreLayout.generationOf(bucketFile);
  }

  private void undoVersions(WriteNote note) throws IOException {
    VerifiedSecret view = store.examine(note.subject());
    List<String> stray = session.examiner().stray(view);
    IndexEntry entry = view.entry();
    boolean purged = entry != null && entry.isPurged();
    for (Map.Entry<String, String> file : note.versions().entrySet()) {
      boolean aside = file.getKey().startsWith(StoreLayout.ASIDE);
      if (aside ? purged : stray.contains(file.getKey())) {
        session.files().deleteIf(file.getKey(), file.getValue());
      }
    }
    if (purged) {
      session.files().deleteIfEmpty(StoreLayout.asideFolder(note.subject()));
    }
    session.files().deleteIfEmpty(StoreLayout.folder(note.subject()));
  }

  /** Repairs one name for a change, after moving stray files out of its way. */
  VerifiedSecret settle(String name) throws IOException {
    VerifiedSecret view = store.examine(name);
    return complete(clear(view) ? store.examine(name) : view);
  }

  /** Repairs one name for a read: deletes nothing, and moves nothing aside without need. */
  VerifiedSecret complete(String name) throws IOException {
    return complete(store.examine(name));
  }

  /** Moves every file aside that is not in force, so that a new version finds its name free. */
  private boolean clear(VerifiedSecret view) throws IOException {
    List<String> stray = session.examiner().stray(view);
    for (String file : stray) {
      String moved = session.files().moveAside(file);
      log(view.name(), "moved a file aside that no signed manifest lists: " + moved);
    }
    return !stray.isEmpty();
  }

  private VerifiedSecret complete(VerifiedSecret view) throws IOException {
    SecretManifest manifest = view.manifest();
    if (manifest != null) {
      heal(view, manifest);
    }
    if (view.state() == FileState.FOREIGN) {
      return adopt(view);
    }
    if (manifest != null
        && session.isRemoval(view)
        && !session.isApart(store.root(), view.name())) {
      return adoptRemoval(view, manifest);
    }
    boolean misplaced =
        view.state() != FileState.AS_STORED && !session.isApart(store.root(), view.name());
    if (view.ahead() || misplaced) {
      store.finish(view);
      // Only now: on a full disk, every read gets this far and no further.
      log(view.name(), view.ahead() ? "completed an interrupted write" : "restored its .gpg file");
      return store.examine(view.name());
    }
    return view;
  }

  /**
   * Restores the current version from its copy: each exists twice, so one intact file is enough.
   */
  private void heal(VerifiedSecret view, SecretManifest manifest) throws IOException {
    byte[] copy = view.file();
    if (copy == null) {
      return;
    }
    String hash = Sha256.hex(copy);
    for (Version version : manifest.versions()) {
      String file = version.file(view.name());
      if (version.sha256().equals(hash) && !session.examiner().isWhole(view.name(), version)) {
        if (session.files().exists(file)) {
          session.files().moveAside(file);
        }
        new StoreTransaction(session.files(), view.name()).replace(file, copy).run();
        log(view.name(), "restored " + file + " from its copy");
      }
    }
  }

  private VerifiedSecret adopt(VerifiedSecret view) throws IOException {
    if (session.config().foreignEdits() == ForeignEdits.REJECT) {
      session.examiner().requireOwn(view);
    }
    session.folders().requireOurs(store.root(), view.name());
    clear(view);
    byte[] foreign = view.foreign();
    String file = StoreLayout.current(view.name());
    byte[] value = session.examiner().decrypt(file, foreign);
    try {
      adopt(view, value, Sha256.hex(foreign));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
    return store.examine(view.name());
  }

  private void adopt(VerifiedSecret view, byte[] value, String foreignHash) throws IOException {
    StoreWriter writer = new StoreWriter(store);
    SecretManifest manifest = view.manifest();
    if (manifest != null
        && manifest.state() == State.LIVE
        && writer.isValueOf(view, manifest.currentVersion(), value)) {
      store.finish(view);
      log(view.name(), "another program wrote the current value again; the stored file is back");
      return;
    }
    String version = writer.write(view, Stage.CURRENT, value, foreignHash);
    log(view.name(), "took over what another program wrote as version " + version);
  }

  /** Deletes a secret whose file another program removed; {@code restore} brings it back. */
  private VerifiedSecret adoptRemoval(VerifiedSecret view, SecretManifest manifest)
      throws IOException {
    new StoreWriter(store).publish(view, State.DELETED, manifest.stages());
    log(view.name(), "another program removed its .gpg file, so it is deleted now");
    return store.examine(view.name());
  }

  private static void log(String name, String what) {
    StoreLog.LOG.log(System.Logger.Level.WARNING, "Secret '" + name + "': " + what + ".");
  }
}
