package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.DurableFiles.Content;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.maintenance.EncryptedSpool.Slot;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of a store as of one moment. Made while the lock keeps writers out; used by one thread.
 *
 * <p>Only copies and hashes: it checks no signature of a secret and decrypts nothing, so that
 * writers wait for a copy of the files and not for the archive, which is written after the lock.
 */
final class StoreCopy {
  private static final int ATTEMPTS = 3;

  /** A file of the snapshot. Immutable. */
  record File(Slot slot, long modified) {}

  private final StoreSession session;
  private final DurableFiles store;
  private final EncryptedSpool spool;
  private final SortedMap<String, File> files = new TreeMap<>();

  /** The collected names, and of each how many versions its manifest lists. */
  private final Map<String, Integer> versions = new HashMap<>();

  private final SortedSet<String> edits = new TreeSet<>();
  private final SortedSet<String> foreign = new TreeSet<>();
  private final StoreFindings findings;
  private final IndexRoot root;

  private StoreCopy(
      StoreSession session, EncryptedSpool spool, StoreFindings findings, IndexRoot root) {
    this.session = session;
    this.store = session.files();
    this.spool = spool;
    this.findings = findings;
    this.root = root;
  }

  /**
   * Copies the files of a store into the spool, under the lock. Begins again if the store changed
   * meanwhile: a restored store has no lock before the first write to it, and a lock file may be
   * unreadable or on a disk whose locks do not exclude other hosts.
   *
   * @param findings what is damaged or not ours; it is copied as it is found
   */
  static StoreCopy of(StoreSession session, EncryptedSpool spool, StoreFindings findings)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      spool.clear();
      StoreFindings found = new StoreFindings();
      Optional<StoreCopy> snapshot =
          session.underLock(root -> collected(session, spool, found, root));
      if (snapshot.isPresent()) {
        findings.addAll(found);
        return snapshot.get();
      }
    }
    throw StoreFailure.of(
        Kind.UNAVAILABLE,
        "the store changed during each of "
            + ATTEMPTS
            + " attempts to copy it, because its lock kept no writer out",
        "Make "
            + StoreLayout.LOCK
            + " readable for this account, and back up on the host that writes to the store; or"
            + " stop the writers for the backup");
  }

  /** Returns a snapshot; empty if the store changed meanwhile. */
  private static Optional<StoreCopy> collected(
      StoreSession session, EncryptedSpool spool, StoreFindings findings, IndexRoot root)
      throws IOException {
    StoreCopy snapshot = new StoreCopy(session, spool, findings, root);
    try {
      snapshot.collect();
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      if (snapshot.isCurrent()) {
        throw e;
      }
      return Optional.empty();
    }
    return snapshot.isCurrent() ? Optional.of(snapshot) : Optional.empty();
  }

  /** Returns whether the index is still the one that the snapshot began with. */
  private boolean isCurrent() throws IOException {
    return session.index().isOf(root, required(StoreLayout.INDEX, StoreTrust.MAX_SIGNED).bytes());
  }

  private void collect() throws IOException {
    for (String name : session.index().kept(root).keySet()) {
      collectName(name);
    }
    collectShared();
  }

  private void collectName(String name) throws IOException {
    String end = ". It is in the archive as it was found";
    if (findings.unlessDamaged(name, end, () -> examine(name)) == null) {
      collectAsFound(name);
    }
  }

  private VerifiedSecret examine(String name) throws IOException {
    Content signed = session.examiner().manifest(name);
    VerifiedSecret view = session.examiner().examine(root, name, session.now(), signed);
    SecretManifest manifest = view.manifest();
    if (signed != null && manifest != null) {
      collect(view, manifest, signed);
    }
    return view;
  }

  private void collect(VerifiedSecret view, SecretManifest manifest, Content signed)
      throws IOException {
    String name = view.name();
    String file = StoreLayout.current(name);
    files.put(StoreLayout.manifest(name), spooled(signed));
    for (Version version : manifest.versions()) {
      collectVersion(name, version);
    }
    Content edit = edit(view);
    File current = files.get(manifest.currentVersion().file(name));
    if (edit != null) {
      files.put(file, spooled(edit));
      edits.add(file);
    } else if (manifest.state() == State.LIVE
        && current != null
        && session.apart(root, view).state() != VerifiedSecret.FileState.REMOVED) {
      // The current version, not the file on the disk: a crash or another program may have left
      // another one there.
      files.put(file, current);
    }
    versions.put(name, manifest.versions().size());
  }

  private void collectVersion(String name, Version version) throws IOException {
    String file = version.file(name);
    String end = ". The archive has it as it was found";
    Content content = findings.unlessDamaged(name, end, () -> intact(file, version));
    if (content == null) {
      addAsFound(file);
    } else {
      files.put(file, spooled(content));
    }
  }

  private Content intact(String file, Version version) throws IOException {
    Content content = required(file, PgpMessage.MAX_BYTES);
    if (!version.fits(content.bytes())) {
      throw GpgErrors.corrupt(file, "is not what was stored");
    }
    return content;
  }

  /** Returns the file of another program, if a read would return it. */
  private @Nullable Content edit(VerifiedSecret view) throws IOException {
    return view.state() == VerifiedSecret.FileState.FOREIGN
            && session.config().foreignEdits() == ForeignEdits.ADOPT
        ? store.content(StoreLayout.current(view.name()), PgpMessage.MAX_BYTES)
        : null;
  }

  private void collectAsFound(String name) throws IOException {
    versions.put(name, 0);
    try {
      for (String fileName : store.list(StoreLayout.folder(name))) {
        addAsFound(StoreLayout.folder(name) + "/" + fileName);
      }
    } catch (StoreFailure e) {
      findings.damaged(name, e.reason());
    }
    addAsFound(StoreLayout.current(name));
  }

  private void addAsFound(String file) throws IOException {
    try {
      Content content = store.content(file, StoreIndex.MAX_BUCKET);
      if (content != null) {
        files.put(file, spooled(content));
      }
    } catch (StoreFailure e) {
      findings.damaged(file, e.reason() + ". It is not in the archive");
    }
  }

  /**
   * Collects the files that belong to no name: the index, the recipients, and files of other
   * programs.
   */
  private void collectShared() throws IOException {
    files.put(StoreLayout.INDEX, spooled(required(StoreLayout.INDEX, StoreTrust.MAX_SIGNED)));
    files.put(StoreLayout.FORMAT, spooled(required(StoreLayout.FORMAT, 256)));
    for (Map.Entry<String, IndexRoot.Bucket> bucket : root.buckets().entrySet()) {
      String file = StoreLayout.bucket(bucket.getKey(), bucket.getValue().generation());
      files.put(file, spooled(required(file, StoreIndex.MAX_BUCKET)));
    }
    for (String fileName : store.list(StoreLayout.CERTIFICATES)) {
      addAsFound(StoreLayout.CERTIFICATES + "/" + fileName);
    }
    for (String file : UnlistedFiles.outside(store)) {
      collectOutside(file);
    }
    checkRecipients();
  }

  /** Reports collected recipients other than those of the index. */
  private void checkRecipients() throws IOException {
    for (IndexRoot.Recipient recipient : root.recipients()) {
      checkRecipients(StoreLayout.certificate(recipient.fingerprint()), recipient.sha256());
    }
    if (!root.settling()) {
      checkRecipients(StoreLayout.GPG_ID, Sha256.hex(root.gpgId()));
    }
  }

  private void checkRecipients(String file, String sha256) throws IOException {
    File collected = files.get(file);
    if (collected == null || !Sha256.hex(spool.get(collected.slot())).equals(sha256)) {
      findings.damaged(file, "is gone, or is not what the signed index names");
    }
  }

  /**
   * Collects a {@code NAME.gpg} that no collected name lists: another program wrote it, or a writer
   * was interrupted before the index had its new name.
   */
  private void collectOutside(String file) throws IOException {
    if (files.containsKey(file)) {
      return;
    }
    String name = file.substring(0, file.length() - StoreLayout.EXTENSION.length());
    if (!file.endsWith(StoreLayout.EXTENSION)
        || !StoreNames.isValid(name)
        || !store.isFolder(StoreLayout.folder(name))) {
      addForeign(file);
      return;
    }
    boolean collected = versions.containsKey(name);
    VerifiedSecret view;
    try {
      view = examine(name);
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      if (!collected) {
        throw e;
      }
      return; // It was reported, and collected as it was found.
    }
    if (files.containsKey(file)) {
      return; // Another program wrote it since, and it was collected as an edit of its name.
    }
    if (!view.ahead() && view.state() == VerifiedSecret.FileState.FOREIGN) {
      addForeign(file);
    }
  }

  /** Collects a file outside the hidden folder that is of no name, perhaps of the recipients. */
  private void addForeign(String file) throws IOException {
    addAsFound(file);
    if (files.containsKey(file)
        && !file.equals(StoreLayout.GPG_ID)
        && !file.equals(StoreLayout.GPG_ID_SIGNATURE)) {
      foreign.add(file);
    }
  }

  private Content required(String file, int limit) throws IOException {
    Content content = store.content(file, limit);
    if (content == null) {
      throw GpgErrors.corrupt(file, "is gone");
    }
    return content;
  }

  private File spooled(Content content) throws IOException {
    return new File(spool.add(content.bytes()), content.facts().modified().to(TimeUnit.SECONDS));
  }

  IndexRoot root() {
    return root;
  }

  int versions() {
    return versions.values().stream().mapToInt(Integer::intValue).sum();
  }

  int secrets() {
    return versions.size();
  }

  /** Returns all files by their path. */
  SortedMap<String, File> files() {
    return files;
  }

  /**
   * Returns files of secrets that another program wrote after the newest version; a read adopts
   * them.
   */
  SortedSet<String> edits() {
    return edits;
  }

  /** Returns files of other programs, which are in the archive unchanged. */
  SortedSet<String> foreign() {
    return foreign;
  }
}
