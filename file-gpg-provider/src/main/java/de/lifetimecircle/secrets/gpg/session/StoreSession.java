package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.gpg.files.Work;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.RollbackGuard;
import de.lifetimecircle.secrets.gpg.index.SecretFileVerifier;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * An open store: its key is unlocked, and no other user may write to its folder. Safe for use by
 * several threads.
 */
public record StoreSession(
    GpgConfig config,
    PgpIdentity identity,
    DurableFiles files,
    StoreTrust trust,
    StoreIndex index,
    SecretFileVerifier examiner,
    StoreRecipients recipients,
    FolderRecipients folders,
    StoreLock lock,
    AtomicBoolean warm,
    AtomicReference<List<String>> unusable)
    implements AutoCloseable {

  static final byte[] FORMAT = "lifetimecircle-secrets 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int ATTEMPTS = 4;

  /** Opens an existing store. */
  public static StoreSession open(GpgConfig config, CrashHook steps) throws IOException {
    PrivateFiles.requireFolder("store", config.store().toRealPath());
    return open(config, steps, config.highWaterFile());
  }

  /**
   * Opens a store, or a copy of one, whose folder may be less private, with that high-water file.
   */
  public static StoreSession open(GpgConfig config, CrashHook steps, Optional<Path> mark)
      throws IOException {
    Path root = config.store().toRealPath();
    DurableFiles files = new DurableFiles(root, steps);
    requireFormat(files);
    PgpIdentity identity = config.keySource().load();
    StoreTrust trust = new StoreTrust(identity, config, files);
    StoreIndex index = new StoreIndex(files, trust, new RollbackGuard(mark));
    StoreRecipients recipients = new StoreRecipients(files, trust);
    return new StoreSession(
        config,
        identity,
        files,
        trust,
        index,
        new SecretFileVerifier(files, index, trust, identity),
        recipients,
        new FolderRecipients(files, recipients, trust),
        StoreLock.of(files.path(StoreLayout.LOCK)),
        new AtomicBoolean(),
        new AtomicReference<>(List.of()));
  }

  private static void requireFormat(DurableFiles files) throws IOException {
    byte[] format = files.read(StoreLayout.FORMAT, 256);
    if (format == null) {
      throw GpgErrors.corrupt(
          StoreLayout.FORMAT,
          "is gone",
          "Restore it from a backup, as other files may be gone with it; it holds the line '"
              + text(FORMAT).strip()
              + "'");
    }
    if (text(format).contains("\r") && text(format).replace("\r", "").equals(text(FORMAT))) {
      throw GpgErrors.corrupt(
          StoreLayout.FORMAT,
          "has other line ends than it was written with, as after a checkout by git with autocrlf",
          "Write the files again as they are in the repository: cd "
              + ShellWord.quoted(files.root().toString())
              + " && git config core.autocrlf false && git rm -rq --cached . && git checkout -q"
              + " HEAD -- .; for all clones, commit a .gitattributes with the line '* -text'");
    }
    if (!Arrays.equals(format, FORMAT)) {
      throw GpgErrors.corrupt(
          StoreLayout.FORMAT,
          "is not one that this version of the library reads",
          "Use the newest version of the library, or restore the file");
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Returns the current time, in the precision that manifests keep. */
  public Instant now() {
    return config.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private CallDeadline deadline() {
    return CallDeadline.within(config.timeout());
  }

  /** Changes the store under its lock, after recovery from a crash. */
  public <T> T write(Work<LockedStore, T> change) throws IOException {
    return locked(
        deadline(),
        store -> {
          recipients.settle(store);
          return change.on(store);
        });
  }

  /** Does a part of a change of the recipients under the lock, after recovery from a crash. */
  <T> T portion(CallDeadline deadline, Work<LockedStore, T> change) throws IOException {
    return locked(
        deadline,
        store -> {
          recipients.prepare(store);
          return change.on(store);
        });
  }

  /** Refuses to change a folder that others can write, or can lead us to. */
  private void requireOwnFolder() throws IOException {
    TrustedPath.requireNoForeignLink(config.store());
    PrivateFiles.requireFolder("store", files.root());
  }

  private <T> T locked(CallDeadline deadline, Work<LockedStore, T> change) throws IOException {
    trust.requireWriter();
    requireOwnFolder();
    return lock.toChange(
        warm.get() ? deadline : beforeFirstWrite(deadline),
        mode -> {
          LockedStore store = new LockedStore(this);
          new StoreRecovery(store).sweep();
          return change.on(store);
        });
  }

  /**
   * Records the store beside its key. Then verifies, encrypts and signs once before the first
   * change takes the lock: with the classes for that still to be loaded, a new process on a busy
   * machine held the lock for 10 s, and every other one timed out.
   *
   * @return the deadline for the lock, whose time begins now
   */
  private CallDeadline beforeFirstWrite(CallDeadline deadline) throws IOException {
    StoreRegistry.remember(config);
    try {
      IndexRoot unused = index.load();
      byte[] nothing = PgpCodec.encrypt(new byte[1], List.of(trust.ownCertificate()), now());
      byte[] unusedToo = trust.sign(nothing);
    } catch (StoreFailure | PgpFailure e) {
      // The change meets the same under the lock, and may be the one that puts it right.
      StoreLog.LOG.log(
          System.Logger.Level.DEBUG, "Cannot warm up: {0}", e.getClass().getSimpleName());
    }
    warm.set(true);
    return deadline.fromNow();
  }

  /** Reads the whole store. */
  public <T> T read(Work<IndexRoot, T> look) throws IOException {
    CallDeadline deadline = deadline();
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return look.on(index.load());
      } catch (StoreFailure e) {
        GpgErrors.requireCorrupt(e);
      } catch (IOException e) {
        break;
      }
    }
    // A writer may have been at work; under the lock there is none.
    return underLock(deadline, look);
  }

  /**
   * Reads the store while no process writes; other readers go on. A copy that was never written to
   * has no lock.
   */
  public <T> T underLock(Work<IndexRoot, T> look) throws IOException {
    return underLock(deadline(), look);
  }

  private <T> T underLock(CallDeadline deadline, Work<IndexRoot, T> look) throws IOException {
    return files.exists(StoreLayout.LOCK)
        ? lock.shared(deadline, mode -> look.on(index.load()))
        : look.on(index.load());
  }

  /**
   * Reads the store, and again while no process writes if the finding may be the work of a writer.
   */
  public <T> T readTwice(Work<IndexRoot, T> look, Predicate<T> isDoubtful) throws IOException {
    T found = read(look);
    return isDoubtful.test(found) ? underLock(look) : found;
  }

  /** Changes the index, which may be missing or damaged before. */
  public <T> T rebuild(Work<StoreLock.Mode, T> body) throws IOException {
    trust.requireSigner();
    requireOwnFolder();
    return lock.toChange(deadline(), body);
  }

  /**
   * Reads one name, without the lock if the files are consistent. If not, a writer is at work or
   * was interrupted, or another program changed a file; then reads again under the lock.
   */
  public <T> T read(String name, Work<VerifiedSecret, T> look) throws IOException {
    CallDeadline deadline = deadline();
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        IndexRoot root = index.load();
        VerifiedSecret view = apart(root, examiner.recognise(root, name));
        if (view.isSettled()) {
          return look.on(view);
        }
      } catch (StoreFailure e) {
        GpgErrors.requireCorrupt(e);
      }
    }
    Work<StoreLock.Mode, T> body =
        mode -> {
          VerifiedSecret view = decide(mode, name);
          requireTakenOver(view);
          examiner.requireOwn(view);
          return look.on(view);
        };
    // A process that cannot repair the name has no use for the exclusive lock.
    return trust.obstacle().isEmpty() ? lock.toRead(deadline, body) : lock.shared(deadline, body);
  }

  /** Fails with the reason if an edit that should have been adopted was not. */
  private void requireTakenOver(VerifiedSecret view) {
    if (view.state() == VerifiedSecret.FileState.FOREIGN
        && config.foreignEdits() == GpgConfig.ForeignEdits.ADOPT) {
      trust.requireWriter();
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "another program wrote "
              + StoreLayout.current(view.name())
              + ", and this process cannot write to the store to take it over",
          "Read it once from a process that can write there");
    }
  }

  /**
   * Marks a file that another program owns because a {@code .gpg-id} of its folder names other
   * recipients. If edits are adopted at all, such a file is served unchanged: adopting it would
   * encrypt it to the wrong people, and so would restoring one that was removed. Marks also a file
   * that another program removed in any other folder: that is an edit, too.
   */
  public VerifiedSecret apart(IndexRoot root, VerifiedSecret view) throws IOException {
    return view.state() != VerifiedSecret.FileState.AS_STORED
            && (isApart(root, view.name()) || isRemoval(view))
        ? view.apart()
        : view;
  }

  /**
   * Returns whether another program removed {@code NAME.gpg} and edits are adopted. A crash of ours
   * leaves no such state: until the file is there, the manifest is ahead of the index.
   */
  boolean isRemoval(VerifiedSecret view) {
    return config.foreignEdits() == GpgConfig.ForeignEdits.ADOPT
        && view.state() == VerifiedSecret.FileState.MISSING
        && !view.ahead();
  }

  /** Returns whether another program owns {@code NAME.gpg}. */
  boolean isApart(IndexRoot root, String name) throws IOException {
    return config.foreignEdits() == GpgConfig.ForeignEdits.ADOPT
        && folders.other(root, name).isPresent();
  }

  /**
   * Repairs the name if we can write, else only determines the manifest in force; under the lock.
   */
  private VerifiedSecret decide(StoreLock.Mode mode, String name) throws IOException {
    IndexRoot root = index.load();
    VerifiedSecret view = apart(root, examiner.examine(root, name));
    if (mode == StoreLock.Mode.SHARED || view.isTheirs()) {
      return view;
    }
    try {
      return new StoreRecovery(new LockedStore(this)).complete(name);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // A full or read-only disk must not keep anybody from reading.
      return examiner.examine(index.load(), name);
    }
  }

  /** Remembers which files no name can reach. Returns whether the call before had others. */
  public boolean isNewlyUnusable(List<String> names) {
    return !names.equals(unusable.getAndSet(names));
  }

  @Override
  public void close() {
    identity.close();
  }
}
