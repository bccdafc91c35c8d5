package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import de.lifetimecircle.secrets.gpg.store.DurableFiles.Content;
import de.lifetimecircle.secrets.gpg.store.FileSpool.Slot;
import de.lifetimecircle.secrets.gpg.store.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.store.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.store.SecretManifest.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects the files of a store that one root names, while others write. Used by one thread.
 *
 * <p>The files of a name stay valid as long as the index names the same manifest, because a version
 * file never changes. So one round without the lock collects nearly all names, the next one those
 * that have changed since, and only a last round, for the few names that are written all the time,
 * takes the lock. Writers therefore wait for a few files and not for the whole backup.
 */
final class StoreSnapshot {
  private static final int ROUNDS = 3;

  /** A file of the snapshot. Immutable. */
  record File(Slot slot, long modified) {}

  /**
   * The collected files of a name. Immutable.
   *
   * @param edit the hash of a {@code NAME.gpg} that another program wrote and a read would adopt;
   *     empty without one
   */
  private record Collected(
      String manifestHash, String edit, SortedMap<String, File> files, int versions) {}

  private final StoreSession session;
  private final DurableFiles store;
  private final FileSpool spool;
  private final Map<String, Collected> names = new HashMap<>();
  private final SortedMap<String, File> shared = new TreeMap<>();
  private final StoreFindings findings;
  private @Nullable IndexRoot root;

  StoreSnapshot(StoreSession session, FileSpool spool, StoreFindings findings) {
    this.session = session;
    this.store = session.files();
    this.spool = spool;
    this.findings = findings;
  }

  /** Collects the store as of one moment during this call. */
  void collect(CallDeadline lockDeadline) throws IOException, StoreProblem {
    for (int round = 0; round < ROUNDS; round++) {
      try {
        if (collect(session.index().load(), false)) {
          return;
        }
      } catch (StoreProblem e) {
        if (e.kind() != Kind.CORRUPT) {
          throw e;
        }
        // A writer is at work, or the store is damaged. Only the last round, which excludes
        // writers,
        // can tell which; reporting damage here would be a false alarm.
      }
    }
    session.underLock(lockDeadline, at -> collect(at, true));
  }

  /**
   * Collects one round. Returns whether every file was there as the root says; under the lock,
   * reports those that were not and returns true.
   */
  private boolean collect(IndexRoot at, boolean locked) throws IOException, StoreProblem {
    SortedMap<String, IndexEntry> entries = session.index().all(at);
    entries.values().removeIf(IndexEntry::isPurged);
    names.keySet().retainAll(entries.keySet());
    boolean whole = true;
    for (Map.Entry<String, IndexEntry> entry : entries.entrySet()) {
      Collected before = names.get(entry.getKey());
      if (before == null
          || !before.manifestHash().equals(entry.getValue().manifest())
          || !before.edit().equals(editNow(entry.getKey(), before))) {
        whole &= collectName(at, entry.getKey(), locked);
      }
    }
    if (!whole || !collectShared(at, locked)) {
      return locked;
    }
    root = at;
    return true;
  }

  private boolean collectName(IndexRoot at, String name, boolean locked)
      throws IOException, StoreProblem {
    names.remove(name);
    try {
      NameView view = session.examiner().examine(at, name);
      SecretManifest manifest = view.manifest();
      if (manifest != null && (locked || !view.ahead())) {
        names.put(name, collected(at, view, manifest, locked));
        return true;
      }
      return false;
    } catch (StoreProblem e) {
      if (!locked || e.kind() != Kind.CORRUPT) {
        requireCorrupt(e);
        return false;
      }
      findings.damaged(name, e.reason() + ". It is in the archive as it was found");
      names.put(name, asFound(name));
      return true;
    }
  }

  private static void requireCorrupt(StoreProblem e) throws StoreProblem {
    if (e.kind() != Kind.CORRUPT) {
      throw e;
    }
  }

  private Collected collected(IndexRoot at, NameView view, SecretManifest manifest, boolean locked)
      throws IOException, StoreProblem {
    String name = view.name();
    SortedMap<String, File> files = new TreeMap<>();
    String manifestFile = StoreLayout.manifest(name);
    Content signed = required(manifestFile, StoreTrust.MAX_SIGNED);
    if (!Sha256.hex(signed.bytes()).equals(view.hash())) {
      throw StoreProblem.corrupt(manifestFile, "has changed meanwhile");
    }
    files.put(manifestFile, spooled(signed));
    for (Version version : manifest.versions()) {
      String file = StoreLayout.version(name, version);
      try {
        Content content = required(file, PgpMessage.MAX_BYTES);
        if (!Sha256.hex(content.bytes()).equals(version.sha256())) {
          throw StoreProblem.corrupt(file, "is not what was stored");
        }
        files.put(file, spooled(content));
      } catch (StoreProblem e) {
        requireCorrupt(e);
        if (!locked) {
          throw e;
        }
        findings.damaged(name, e.reason() + ". The archive has it as it was found");
        addAsFound(file, files);
      }
    }
    Content edit = edit(view);
    File current = files.get(StoreLayout.version(name, manifest.currentVersion()));
    if (edit != null) {
      files.put(StoreLayout.current(name), spooled(edit));
    } else if (manifest.state() == State.LIVE
        && current != null
        && session.apart(at, view).state() != NameView.FileState.REMOVED) {
      // The current version, not the file on the disk: a crash or another program may have left
      // another one there.
      files.put(StoreLayout.current(name), current);
    }
    String hash = edit == null ? "" : Sha256.hex(edit.bytes());
    return new Collected(view.hash(), hash, files, manifest.versions().size());
  }

  /** Returns the file of another program, if a read would return it. */
  private @Nullable Content edit(NameView view) throws IOException, StoreProblem {
    return view.state() == NameView.FileState.FOREIGN && takesOver()
        ? store.content(StoreLayout.current(view.name()), PgpMessage.MAX_BYTES)
        : null;
  }

  private boolean takesOver() {
    return session.config().foreignEdits() == ForeignEdits.ADOPT;
  }

  /**
   * Returns {@link Collected#edit} for the file on the disk now. The manifest does not reveal an
   * edit, so the bytes must be compared.
   */
  private String editNow(String name, Collected before) throws IOException {
    if (!takesOver()) {
      return "";
    }
    try {
      Content content = store.content(StoreLayout.current(name), PgpMessage.MAX_BYTES);
      String hash = content == null ? "" : Sha256.hex(content.bytes());
      File collected = before.files().get(StoreLayout.current(name));
      boolean same =
          content != null
              && collected != null
              && Arrays.equals(spool.get(collected.slot()), content.bytes());
      return same ? before.edit() : hash;
    } catch (StoreProblem e) {
      return "damaged";
    }
  }

  private Collected asFound(String name) throws IOException {
    SortedMap<String, File> files = new TreeMap<>();
    try {
      for (String fileName : store.list(StoreLayout.folder(name))) {
        addAsFound(StoreLayout.folder(name) + "/" + fileName, files);
      }
    } catch (StoreProblem e) {
      findings.damaged(name, e.reason());
    }
    addAsFound(StoreLayout.current(name), files);
    return new Collected("", "", files, 0);
  }

  private void addAsFound(String file, SortedMap<String, File> files) throws IOException {
    try {
      Content content = store.content(file, StoreIndex.MAX_BUCKET);
      if (content != null) {
        files.put(file, spooled(content));
      }
    } catch (StoreProblem e) {
      findings.damaged(file, e.reason() + ". It is not in the archive");
    }
  }

  /**
   * Collects the files that belong to no name: the index, the recipients, and files of other
   * programs.
   */
  private boolean collectShared(IndexRoot at, boolean locked) throws IOException, StoreProblem {
    shared.clear();
    Content index = required(StoreLayout.INDEX, StoreTrust.MAX_SIGNED);
    if (!session.index().isOf(at, index.bytes())) {
      return false;
    }
    shared.put(StoreLayout.INDEX, spooled(index));
    shared.put(StoreLayout.FORMAT, spooled(required(StoreLayout.FORMAT, 256)));
    for (Map.Entry<String, IndexRoot.Bucket> bucket : at.buckets().entrySet()) {
      String file = StoreLayout.bucket(bucket.getKey(), bucket.getValue().generation());
      shared.put(file, spooled(required(file, StoreIndex.MAX_BUCKET)));
    }
    for (String fileName : store.list(StoreLayout.CERTIFICATES)) {
      addAsFound(StoreLayout.CERTIFICATES + "/" + fileName, shared);
    }
    boolean whole = true;
    for (String file : StrayFiles.outside(store)) {
      whole &= collectOutside(at, file, locked);
    }
    whole &= hasRecipients(at, locked);
    return locked || whole;
  }

  /**
   * Returns whether the collected recipients are those of the index. If not, a writer is changing
   * them or was interrupted, or they are damaged.
   */
  private boolean hasRecipients(IndexRoot at, boolean locked) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (IndexRoot.Recipient recipient : at.recipients()) {
      String file = StoreLayout.certificate(recipient.fingerprint());
      if (!hashOf(file).equals(recipient.sha256())) {
        wrong.add(file);
      }
    }
    if (!hashOf(StoreLayout.GPG_ID).equals(Sha256.hex(at.gpgId())) && !at.settling()) {
      wrong.add(StoreLayout.GPG_ID);
    }
    if (locked) {
      for (String file : wrong) {
        findings.damaged(file, "is gone, or is not what the signed index names");
      }
    }
    return wrong.isEmpty();
  }

  /** Returns the hash of a collected shared file; empty if there is none. */
  private String hashOf(String file) throws IOException {
    File collected = shared.get(file);
    return collected == null ? "" : Sha256.hex(spool.get(collected.slot()));
  }

  /**
   * Collects a {@code NAME.gpg} that no collected name lists: another program wrote it, or a writer
   * has just done so.
   */
  private boolean collectOutside(IndexRoot at, String file, boolean locked)
      throws IOException, StoreProblem {
    String name = file.substring(0, file.length() - StoreLayout.EXTENSION.length());
    if (!file.endsWith(StoreLayout.EXTENSION)
        || !StoreNames.isValid(name)
        || !store.isFolder(StoreLayout.folder(name))) {
      addAsFound(file, shared);
      return true;
    }
    Collected collected = names.get(name);
    if (collected != null && collected.files().containsKey(file)) {
      return true;
    }
    if (!locked) {
      return false;
    }
    NameView view = session.examiner().examine(at, name);
    SecretManifest manifest = view.manifest();
    if (view.ahead() && manifest != null) {
      names.put(name, collected(at, view, manifest, true));
    } else if (view.state() == NameView.FileState.FOREIGN) {
      addAsFound(file, shared);
    }
    return true;
  }

  private Content required(String file, int limit) throws IOException, StoreProblem {
    Content content = store.content(file, limit);
    if (content == null) {
      throw StoreProblem.corrupt(file, "is gone");
    }
    return content;
  }

  private File spooled(Content content) throws IOException {
    return new File(spool.add(content.bytes()), content.facts().modified().to(TimeUnit.SECONDS));
  }

  IndexRoot root() {
    IndexRoot collected = root;
    if (collected == null) {
      throw new IllegalStateException("nothing was collected");
    }
    return collected;
  }

  int versions() {
    return names.values().stream().mapToInt(Collected::versions).sum();
  }

  int secrets() {
    return names.size();
  }

  /** Returns all files by their path. */
  SortedMap<String, File> files() {
    SortedMap<String, File> files = new TreeMap<>(shared);
    // The NAME.gpg of a name last, so that it wins over the file on the disk, which may be newer.
    names.values().forEach(name -> files.putAll(name.files()));
    return files;
  }

  /**
   * Returns files of secrets that another program wrote after the newest version; a read adopts
   * them.
   */
  List<String> edits() {
    return names.entrySet().stream()
        .filter(name -> !name.getValue().edit().isEmpty())
        .map(name -> StoreLayout.current(name.getKey()))
        .sorted()
        .toList();
  }

  /** Returns files of other programs, which are in the archive unchanged. */
  List<String> foreign() {
    List<String> foreign = new ArrayList<>();
    SortedMap<String, File> own = new TreeMap<>();
    names.values().forEach(name -> own.putAll(name.files()));
    for (String file : shared.keySet()) {
      boolean known = file.startsWith(StoreLayout.HIDDEN + "/") || own.containsKey(file);
      if (!known
          && !file.equals(StoreLayout.GPG_ID)
          && !file.equals(StoreLayout.GPG_ID_SIGNATURE)) {
        foreign.add(file);
      }
    }
    return foreign;
  }
}
