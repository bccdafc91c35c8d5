package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import de.lifetimecircle.secrets.gpg.files.Work;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.maintenance.StoreMaintenance;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpContent;
import de.lifetimecircle.secrets.gpg.session.RecipientChange;
import de.lifetimecircle.secrets.gpg.session.StoreCreation;
import de.lifetimecircle.secrets.gpg.session.StoreRecipients;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.gpg.session.StoreWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.MaintainedStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import de.lifetimecircle.secrets.spi.RecipientStore;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as OpenPGP files in a folder, readable by {@code gpg} and {@code pass} as well.
 *
 * <p>Safe for use by several threads and, through the lock in the folder, by several processes. The
 * key is unlocked on the first call that needs it and forgotten on {@link #close}. Reads take no
 * lock as long as no process writes. Lock order: opening, then the lock of the store.
 */
public final class GpgStore
    implements VersionedStore,
        ListableStore,
        WritableStore,
        DeletableStore,
        RetiringStore,
        RecipientStore,
        MaintainedStore {
  /** The largest value, in bytes: what the OpenPGP layer decompresses at most. */
  static final int MAX_VALUE = PgpContent.MAX_BYTES;

  private static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(Capability.BATCH, Capability.REPEATABLE_PUT)));

  private final GpgConfig config;
  private final CrashHook steps;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable StoreSession session;
  private volatile boolean closed;

  /**
   * Does no I/O; the first call that needs the files opens them.
   *
   * @param steps runs before each change on disk, so that a test can interrupt there
   */
  public GpgStore(GpgConfig config, CrashHook steps) {
    this.config = config;
    this.steps = steps;
  }

  @Override
  public String scheme() {
    return GpgErrors.SCHEME;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Map<String, String> place() {
    return Map.of("store", config.store().toString());
  }

  @Override
  public boolean isUnmade() {
    return GpgErrors.call(
        "look for the store",
        null,
        () -> {
          requireOpen();
          return session == null && !StoreCreation.isThere(config);
        });
  }

  @Override
  public StoredSecret fetch(String name) {
    return read(
        "fetch secret",
        name,
        view ->
            view.state() == VerifiedSecret.FileState.OTHER_RECIPIENTS
                ? foreign(view)
                : stored(view, view.requireLive().currentVersion()));
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    return read(
        "fetch version " + printable(version) + " of secret",
        name,
        view ->
            view.state() == VerifiedSecret.FileState.OTHER_RECIPIENTS
                    && version.equals(view.foreignVersion())
                ? foreign(view)
                : stored(view, view.requireLive().requireVersion(version)));
  }

  /** Returns the value of a file that another program wrote for the recipients of its folder. */
  private StoredSecret foreign(VerifiedSecret view) throws IOException {
    Instant time = foreignTime(view);
    String file = StoreLayout.current(view.name());
    return secret(required().examiner().decrypt(file, view.foreign()), view.foreignVersion(), time);
  }

  private Instant foreignTime(VerifiedSecret view) throws IOException {
    return Files.getLastModifiedTime(required().files().path(StoreLayout.current(view.name())))
        .toInstant();
  }

  private StoredSecret stored(VerifiedSecret view, Version version) throws IOException {
    byte[] value = required().examiner().decrypt(view, version);
    return secret(value, Long.toString(version.number()), version.created());
  }

  private static StoredSecret secret(byte[] value, String version, Instant time) {
    try {
      return new StoredSecret(SecretValue.of(value), version, time);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return read(
        "list the versions of secret",
        name,
        view -> {
          if (view.state() == VerifiedSecret.FileState.OTHER_RECIPIENTS) {
            return List.of(
                new SecretVersion(
                    view.foreignVersion(), foreignTime(view), EnumSet.of(Stage.CURRENT)));
          }
          SecretManifest manifest = view.requireLive();
          List<SecretVersion> versions = new ArrayList<>();
          for (Version version : manifest.versions()) {
            versions.add(
                new SecretVersion(
                    Long.toString(version.number()),
                    version.created(),
                    manifest.stages(version.number())));
          }
          Collections.reverse(versions);
          return List.copyOf(versions);
        });
  }

  @Override
  public Map<String, String> describe(String name) {
    return read(
        "describe secret",
        name,
        view ->
            view.state() == VerifiedSecret.FileState.OTHER_RECIPIENTS
                ? StoreFacts.ofForeign(view)
                : StoreFacts.of(view.requireLive()));
  }

  @Override
  public List<String> list(String prefix) {
    return lines("list secrets", open -> open.read(root -> StoreFacts.names(open, root, prefix)));
  }

  @Override
  public Map<String, String> check() {
    return GpgErrors.call(
        "check the store",
        null,
        () -> {
          StoreSession open = existing();
          if (open == null) {
            return StoreFacts.ofNothing(config);
          }
          PrivateFiles.requireFolder("store", open.files().root());
          return open.read(root -> StoreFacts.of(open, root));
        });
  }

  @Override
  public PutResult put(PutRequest request) {
    return GpgErrors.call(
        "put secret",
        request.name(),
        () -> {
          StoreNames.require(request.name());
          if (request.value().size() > MAX_VALUE) {
            throw StoreFailure.of(
                Kind.TOO_LARGE,
                "the value is larger than " + MAX_VALUE + " bytes",
                "Store a key here and the data elsewhere, encrypted with it");
          }
          byte[] value = request.value().asBytes();
          try {
            return writing().write(s -> new StoreWriter(s).put(request, value));
          } finally {
            Arrays.fill(value, (byte) 0);
          }
        });
  }

  @Override
  public void promote(String name, String version) {
    change(
        "promote version " + printable(version) + " of secret",
        name,
        writer -> writer.promote(name, version));
  }

  @Override
  public void retire(String name, String version) {
    change(
        "retire version " + printable(version) + " of secret",
        name,
        writer -> writer.retire(name, version));
  }

  @Override
  public void delete(String name) {
    change("delete secret", name, writer -> writer.delete(name));
  }

  @Override
  public void restore(String name) {
    change("restore secret", name, writer -> writer.restore(name));
  }

  @Override
  public void purge(String name) {
    change("purge secret", name, writer -> writer.purge(name));
  }

  @Override
  public List<String> recipients() {
    return lines("list the recipients", open -> open.read(IndexRoot::fingerprints));
  }

  @Override
  public String addRecipient(byte[] certificate) {
    return addRecipient(certificate, RecipientProgress.NONE);
  }

  @Override
  public String addRecipient(byte[] certificate, RecipientProgress progress) {
    return GpgErrors.call(
        "add a recipient",
        null,
        () -> {
          StoreSession open = writing();
          PgpCertificate added = StoreRecipients.parse(certificate);
          // The index may be signed by that very key, and only this certificate can verify it.
          open.trust().learn(added);
          return new RecipientChange(open, progress).add(added);
        });
  }

  @Override
  public List<String> recipientFindings() {
    return lines("check the recipients", open -> new RecipientFindings(open).list());
  }

  @Override
  public List<String> signerFindings() {
    return lines(
        "check the signers", open -> open.read(root -> RecipientFindings.ofSigners(open, root)));
  }

  private List<String> lines(String action, Work<StoreSession, List<String>> lines) {
    return GpgErrors.call(
        action,
        null,
        () -> {
          StoreSession open = existing();
          return open == null ? List.of() : lines.on(open);
        });
  }

  @Override
  public void removeRecipient(String fingerprint) {
    removeRecipient(fingerprint, RecipientProgress.NONE);
  }

  @Override
  public void removeRecipient(String fingerprint, RecipientProgress progress) {
    GpgErrors.call(
        "remove a recipient",
        null,
        () -> {
          new RecipientChange(writing(), progress).remove(fingerprint);
          return fingerprint;
        });
  }

  @Override
  public StoreReport verify() {
    return maintain("verify the store", StoreMaintenance::verify);
  }

  @Override
  public StoreReport verify(Path copy) {
    return maintain("verify the copy of the store", maintenance -> maintenance.verify(copy));
  }

  @Override
  public StoreReport backup(Path file, ExistingFile existing) {
    return maintain("back up the store", maintenance -> maintenance.backup(file, existing));
  }

  @Override
  public Optional<StoreReport> planRepair() {
    return maintain("plan the repair of the store", StoreMaintenance::planRepair);
  }

  @Override
  public StoreReport repair(StoreReport plan) {
    return maintain("repair the store", maintenance -> maintenance.repair(plan));
  }

  private <T> T maintain(String action, Work<StoreMaintenance, T> work) {
    return GpgErrors.call(
        action,
        null,
        () -> {
          requireOpen();
          return work.on(new StoreMaintenance(config, steps));
        });
  }

  @Override
  public void close() {
    closed = true;
    StoreSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  /** A change of one name. */
  @FunctionalInterface
  private interface NameChange {
    void by(StoreWriter writer) throws IOException;
  }

  private void change(String action, String name, NameChange change) {
    GpgErrors.call(
        action,
        name,
        () -> {
          StoreNames.require(name);
          return required()
              .write(
                  s -> {
                    change.by(new StoreWriter(s));
                    return name;
                  });
        });
  }

  private <T> T read(String action, String name, Work<VerifiedSecret, T> look) {
    return GpgErrors.call(
        action,
        name,
        () -> {
          StoreNames.require(name);
          return required().read(name, look);
        });
  }

  /** Returns the open store; null if there is neither a store nor a key yet. */
  private @Nullable StoreSession existing() throws IOException {
    requireOpen();
    StoreSession open = session;
    return open != null ? open : open(false);
  }

  /** Returns the open store, and creates it if there is none. */
  private StoreSession writing() throws IOException {
    requireOpen();
    StoreSession open = session;
    return open != null ? open : required(open(true));
  }

  /** Returns the open store; fails if there is none. */
  private StoreSession required() throws IOException {
    return required(existing());
  }

  private StoreSession required(@Nullable StoreSession open) {
    if (open == null) {
      throw StoreFailure.of(
          Kind.NOT_FOUND,
          "there is no store in " + config.store() + " yet",
          "Store a first secret, or set gpg.store");
    }
    return open;
  }

  private @Nullable StoreSession open(boolean toWrite) throws IOException {
    lockOpening();
    try {
      StoreSession open = session;
      if (open != null) {
        return open;
      }
      if (!StoreCreation.isThere(config)) {
        if (!toWrite) {
          StoreCreation.requireFirstUse(config);
          return null;
        }
        StoreCreation.create(config, steps);
      }
      open = StoreSession.open(config, steps);
      session = open;
      if (closed) {
        close();
        throw StoreFailure.closed();
      }
      return open;
    } finally {
      opening.unlock();
    }
  }

  /** Without a limit of its own: at a cold start, the thread that opens has more than the usual. */
  private void lockOpening() {
    try {
      opening.lockInterruptibly();
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw StoreFailure.closed();
    }
  }

  /** Returns a version for a message, without anything of a request but a plausible version. */
  private static String printable(String version) {
    return version.matches("[0-9A-Za-z._-]{1,40}") ? version : "(not a version)";
  }

  @Override
  public String toString() {
    return "GpgStore[" + config.store() + "]";
  }
}
