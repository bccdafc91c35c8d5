package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Stages;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.session.LockedStore.NewVersion;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.PutRequest.Condition;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes one name. Used by the thread that holds the lock; each change first repairs the name. */
public final class StoreWriter {
  private final LockedStore store;
  private final StoreSession session;
  private final StoreRecovery recovery;

  /** Makes changes in the store that is locked. */
  public StoreWriter(LockedStore store) {
    this.store = store;
    this.session = store.session();
    this.recovery = new StoreRecovery(store);
  }

  /** Stores a value, if the condition of the request holds. */
  public PutResult put(PutRequest request, byte[] value) throws IOException {
    VerifiedSecret view = recovery.settle(request.name());
    requireCondition(request, view);
    session.folders().requireOurs(store.root(), request.name());
    if (view.manifest() == null) {
      return new PutResult(write(view, Stage.CURRENT, value, null), Outcome.CREATED);
    }
    SecretManifest manifest = view.requireLive();
    long same = request.stage() == Stage.PENDING ? manifest.stages().pending() : manifest.current();
    Optional<Version> version = manifest.version(same);
    if (version.isPresent() && isValueOf(view, version.get(), value)) {
      return new PutResult(Long.toString(same), Outcome.UNCHANGED);
    }
    return new PutResult(write(view, request.stage(), value, null), Outcome.UPDATED);
  }

  private static void requireCondition(PutRequest request, VerifiedSecret view) {
    if (view.manifest() == null) {
      if (request.condition() == Condition.IF_VERSION) {
        throw conflict(
            "it does not exist, so version " + request.expectedVersion() + " is not current");
      }
      if (request.stage() == Stage.PENDING) {
        view.requireKnown();
      }
      return;
    }
    SecretManifest manifest = view.requireLive();
    if (request.condition() == Condition.CREATE_ONLY) {
      throw StoreFailure.of(
          Kind.CONFLICT,
          "it exists already",
          "Rotate it or put a new version; for another secret choose another name");
    }
    if (request.condition() == Condition.IF_VERSION
        && !Long.toString(manifest.current()).equals(request.expectedVersion())) {
      throw conflict(
          "version " + manifest.current() + " is current, not " + request.expectedVersion());
    }
  }

  private static StoreFailure conflict(String reason) {
    return StoreFailure.of(Kind.CONFLICT, reason, "Read it again, then decide");
  }

  /**
   * Writes a new version, and returns its id.
   *
   * @param replaced the hash of the file of another program that it takes over; null for none
   */
  String write(VerifiedSecret view, Stage stage, byte[] value, @Nullable String replaced)
      throws IOException {
    if (view.manifest() == null) {
      requireNoTwin(view.name());
    }
    NewVersion added = store.encrypt(value, nextNumber(view), 1, replaced, session.now());
    long number = added.version().number();
    Stages before = view.found().map(SecretManifest::stages).orElse(new Stages(0, 0, 0));
    boolean pending = stage == Stage.PENDING;
    Stages stages = pending ? before.withPending(number) : before.promote(number);
    SecretManifest next = next(view, State.LIVE, stages, List.of(added));
    byte[] shown = pending ? session.examiner().stored(view, next.currentVersion()) : added.file();
    store.commit(view, next, List.of(added), Optional.of(shown));
    return Long.toString(number);
  }

  /** Returns the manifest after the one in force, without the versions beyond the retention. */
  private SecretManifest next(
      VerifiedSecret view, State state, Stages stages, List<NewVersion> added) {
    List<Version> versions =
        new ArrayList<>(view.found().map(SecretManifest::versions).orElse(List.of()));
    added.forEach(version -> versions.add(version.version()));
    int surplus = versions.size() - session.config().retention();
    List<Version> kept = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      if (i >= surplus || stages.contains(versions.get(i).number())) {
        kept.add(versions.get(i));
      }
    }
    SecretManifest manifest = view.manifest();
    if (manifest != null) {
      return manifest.next(view.hash(), state, stages, kept);
    }
    IndexEntry purged = view.entry();
    return new SecretManifest(
        store.root().storeId(),
        view.name(),
        purged == null ? 1 : purged.sequence() + 1,
        purged == null ? "" : purged.manifest(),
        state,
        stages,
        kept);
  }

  /** Returns a number that no version of the name has had. */
  private static long nextNumber(VerifiedSecret view) {
    SecretManifest manifest = view.manifest();
    if (manifest != null) {
      return manifest.lastNumber() + 1;
    }
    IndexEntry purged = view.entry();
    return purged == null ? 1 : purged.lastVersion() + 1;
  }

  boolean isValueOf(VerifiedSecret view, Version version, byte[] value) throws IOException {
    byte[] stored = session.examiner().decrypt(view, version);
    try {
      return MessageDigest.isEqual(stored, value);
    } finally {
      Arrays.fill(stored, (byte) 0);
    }
  }

  /** Rejects a name that a case-blind file system cannot tell from an existing one. */
  private void requireNoTwin(String name) throws IOException {
    String folded = StoreNames.folded(name);
    var bucket = session.index().bucket(store.root(), StoreLayout.bucketOf(name));
    for (var entry : bucket.entrySet()) {
      if (!entry.getKey().equals(name)
          && !entry.getValue().isPurged()
          && StoreNames.folded(entry.getKey()).equals(folded)) {
        throw StoreFailure.of(
            Kind.BAD_NAME,
            "it differs from '" + entry.getKey() + "' only in upper and lower case",
            "Use that name, or another one");
      }
    }
  }

  /** Makes a version the current one. */
  public void promote(String name, String id) throws IOException {
    VerifiedSecret view = recovery.settle(name);
    SecretManifest manifest = view.requireLive();
    Version version = manifest.requireVersion(id);
    if (version.number() == manifest.current()) {
      return;
    }
    session.folders().requireOurs(store.root(), name);
    publish(view, State.LIVE, manifest.stages().promote(version.number()));
  }

  /** Takes the stage from the previous version, if it is that one. */
  public void retire(String name, String id) throws IOException {
    VerifiedSecret view = recovery.settle(name);
    SecretManifest manifest = view.requireLive();
    if (id.equals(Long.toString(manifest.current()))) {
      throw StoreFailure.of(Kind.CONFLICT, "it is the current version", "Put a new value first");
    }
    if (manifest.stages().previous() == 0
        || !id.equals(Long.toString(manifest.stages().previous()))) {
      return;
    }
    session.folders().requireOurs(store.root(), name);
    publish(view, State.LIVE, manifest.stages().withoutPrevious());
  }

  /** Deletes a secret, so that it can be restored. */
  public void delete(String name) throws IOException {
    VerifiedSecret view = recovery.settle(name);
    SecretManifest manifest = view.requireLive();
    session.folders().requireOurs(store.root(), name);
    publish(view, State.DELETED, manifest.stages());
  }

  /** Serves a deleted secret again. */
  public void restore(String name) throws IOException {
    VerifiedSecret view = recovery.settle(name);
    SecretManifest manifest = requireDeleted(view);
    session.folders().requireOurs(store.root(), name);
    publish(view, State.LIVE, manifest.stages());
  }

  /** Writes the next manifest of a name, without a new version. */
  void publish(VerifiedSecret view, State state, Stages stages) throws IOException {
    SecretManifest next = next(view, state, stages, List.of());
    store.commit(view, next, List.of(), store.shown(view, next));
  }

  /**
   * Removes a secret from the index first and its files after, so that files left by a crash have
   * no effect.
   */
  public void purge(String name) throws IOException {
    VerifiedSecret view = recovery.settle(name);
    SecretManifest manifest = requireDeleted(view);
    store.purge(view, IndexEntry.of(manifest, view.hash()).purged());
  }

  private static SecretManifest requireDeleted(VerifiedSecret view) {
    SecretManifest manifest = view.requireKnown();
    if (manifest.state() != State.DELETED) {
      throw StoreFailure.of(
          Kind.CONFLICT, "it is not deleted", "Delete it first, if that is meant");
    }
    return manifest;
  }
}
