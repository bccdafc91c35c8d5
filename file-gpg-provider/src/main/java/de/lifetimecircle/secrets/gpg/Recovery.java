package de.lifetimecircle.secrets.gpg;

import de.lifetimecircle.secrets.gpg.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.LockedStore.NewVersion;
import de.lifetimecircle.secrets.gpg.Manifest.Stages;
import de.lifetimecircle.secrets.gpg.Manifest.State;
import de.lifetimecircle.secrets.gpg.Manifest.Version;
import de.lifetimecircle.secrets.gpg.NameView.FileState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts right what a crash or another program left behind. Used by the thread that holds the lock.
 */
final class Recovery {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.gpg");
  private static final int MAX_NOTE = 4 * StoreNames.MAX_LENGTH;

  private final LockedStore store;
  private final StoreSession session;

  Recovery(LockedStore store) {
    this.store = store;
    this.session = store.session();
  }

  /** Tidies up after writers that were cut off; cheap when there was none. */
  void sweep() throws IOException, StoreProblem, PgpFailure {
    List<String> left = session.files().list(StoreLayout.TEMPORARY);
    if (left.isEmpty()) {
      return;
    }
    Set<String> names = new TreeSet<>();
    for (String fileName : left) {
      if (Transaction.isNote(fileName)) {
        byte[] note = session.files().read(StoreLayout.TEMPORARY + "/" + fileName, MAX_NOTE);
        String name = note == null ? "" : new String(note, StandardCharsets.UTF_8);
        if (StoreNames.isValid(name)) {
          names.add(name);
        }
      }
    }
    for (String fileName : left) {
      session.files().delete(StoreLayout.TEMPORARY + "/" + fileName);
    }
    session.index().tidy(store.root());
    LOG.log(System.Logger.Level.INFO, "Tidied up after a writer that was cut off.");
    for (String name : names) {
      settleIfSound(name);
    }
  }

  /** A note is a hint that anybody may have left: what is wrong there is for the readers of it. */
  private void settleIfSound(String name) throws IOException, PgpFailure {
    try {
      settle(name);
    } catch (StoreProblem e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot put secret '" + name + "' right: " + e.reason());
    }
  }

  /** Puts one name right and says what is in force then. */
  NameView settle(String name) throws IOException, StoreProblem, PgpFailure {
    NameView view = store.examine(name);
    if (view.leftover() || view.manifest() == null) {
      store.clear(name);
    }
    Manifest manifest = view.manifest();
    if (manifest != null) {
      heal(view, manifest);
      int removed = store.tidy(manifest);
      if (removed > 0) {
        log(name, "removed " + removed + " version files of a write that was cut off");
      }
    }
    if (view.state() == FileState.FOREIGN) {
      return adopt(view);
    }
    if (view.ahead() || view.state() != FileState.AS_STORED) {
      log(name, view.ahead() ? "finished a write that was cut off" : "restored its .gpg file");
      store.finish(view, shown(view));
      return store.examine(name);
    }
    return view.leftover() ? store.examine(name) : view;
  }

  private Optional<byte[]> shown(NameView view) throws IOException, StoreProblem {
    Manifest manifest = view.manifest();
    return manifest == null || manifest.state() != State.LIVE
        ? Optional.empty()
        : Optional.of(session.examiner().stored(view, manifest.currentVersion()));
  }

  /** The current version exists twice: as long as one copy is whole, it makes the other whole. */
  private void heal(NameView view, Manifest manifest) throws IOException, StoreProblem {
    Version current = manifest.currentVersion();
    byte[] copy = view.file();
    if (copy == null || !Sha256.hex(copy).equals(current.sha256())) {
      return;
    }
    String file = StoreLayout.version(view.name(), current);
    byte[] bytes = session.files().read(file, PgpMessage.MAX_BYTES);
    if (bytes == null || !Sha256.hex(bytes).equals(current.sha256())) {
      log(view.name(), "restored " + file + " from its copy");
      new Transaction(session.files(), view.name()).replace(file, copy).run();
    }
  }

  private NameView adopt(NameView view) throws IOException, StoreProblem, PgpFailure {
    if (session.config().foreignEdits() == ForeignEdits.REJECT) {
      Examiner.requireOwn(view);
    }
    byte[] foreign = view.file();
    if (foreign == null) {
      throw new IllegalStateException("a foreign edit without a file");
    }
    String file = StoreLayout.current(view.name());
    byte[] value = session.examiner().decrypt(file, foreign);
    try {
      adopt(view, value, Sha256.hex(foreign));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
    return store.examine(view.name());
  }

  private void adopt(NameView view, byte[] value, String foreignHash)
      throws IOException, StoreProblem, PgpFailure {
    StoreWriter writer = new StoreWriter(store);
    Manifest manifest = view.manifest();
    if (manifest != null
        && manifest.state() == State.LIVE
        && writer.isValueOf(view, manifest.currentVersion(), value)) {
      byte[] stored = storedFile(view, manifest.currentVersion());
      store.finish(view, Optional.of(stored));
      log(view.name(), "another program wrote the current value again; the stored file is back");
      return;
    }
    NewVersion added = store.encrypt(value, StoreWriter.nextNumber(view), 1, foreignHash);
    Stages stages =
        manifest == null
            ? new Stages(added.version().number(), 0, 0)
            : manifest.stages().promote(added.version().number());
    if (manifest == null) {
      writer.requireNoTwin(view.name());
    }
    store.commit(
        writer.next(view, State.LIVE, stages, List.of(added)),
        List.of(added),
        Optional.of(added.file()));
    log(view.name(), "took over what another program wrote as version " + added.version().number());
  }

  private byte[] storedFile(NameView view, Version version) throws IOException, StoreProblem {
    return session.examiner().stored(view, version);
  }

  private static void log(String name, String what) {
    LOG.log(System.Logger.Level.WARNING, "Secret '" + name + "': " + what + ".");
  }
}
