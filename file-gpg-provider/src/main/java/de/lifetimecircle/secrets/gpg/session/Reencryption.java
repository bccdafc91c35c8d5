package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.gpg.session.LockedStore.NewVersion;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Encrypts every kept version to the current recipients after a change, in portions, so that others
 * get the lock in between. Used by the thread that holds the lock.
 *
 * <p>A version that cannot be read stays as it is and is named, so that one damaged file does not
 * stop all others; only the current version of a secret that is served must be readable, and {@link
 * ReencryptionCheck} checks that before the recipients change.
 */
final class Reencryption {
  /**
   * Failures of one secret, which say nothing about the disk or the caller, so others can go on.
   */
  static final Set<Kind> OF_ONE_SECRET =
      EnumSet.of(Kind.CORRUPT, Kind.ACCESS_DENIED, Kind.DISABLED, Kind.BAD_NAME, Kind.CONFLICT);

  private final LockedStore store;
  private final StoreSession session;
  private final StoreRecovery recovery;

  Reencryption(LockedStore store) {
    this.store = store;
    this.session = store.session();
    this.recovery = new StoreRecovery(store);
  }

  /**
   * How far one pass over all names has come. Immutable.
   *
   * @param epoch the change of the recipients that the pass is for
   * @param place of the last name that was done; empty at the start
   * @param settledTo of the last name before the first one that failed
   * @param names how many names were done
   * @param total how many there were at the start
   * @param ended whether there is nothing left to do
   */
  record Pass(long epoch, String place, String settledTo, long names, long total, boolean ended) {
    /** A pass that has not begun. */
    static final Pass NONE = new Pass(0, "", "", 0, 0, false);

    private Pass after(String name, boolean succeeded) {
      boolean settled = succeeded && !failed();
      String here = StoreLayout.placeOf(name);
      return new Pass(epoch, here, settled ? here : settledTo, names + 1, total, false);
    }

    private Pass end() {
      return new Pass(epoch, place, settledTo, names, total, true);
    }

    private boolean failed() {
      return !settledTo.equals(place);
    }
  }

  /**
   * How much one hold of the lock may do: so many names, and more until the time is over.
   *
   * @param names at least 1
   */
  record Portion(int names, Duration time) {}

  /**
   * Encrypts the next names of a pass. The change is settled once a whole pass has not failed.
   *
   * @param before how far the pass is; starts again if the recipients have changed since
   */
  Pass run(Pass before, Portion portion) throws IOException {
    IndexRoot root = store.root();
    Pass pass =
        before.epoch() == root.epoch()
            ? before
            : new Pass(root.epoch(), "", "", 0, session.index().kept(root).size(), false);
    long end = System.nanoTime() + portion.time().toNanos();
    int done = 0;
    String first = pass.place().isEmpty() ? "" : pass.place().substring(0, 2);
    for (String bucket : root.buckets().tailMap(first).keySet()) {
      for (String name : names(bucket)) {
        if (StoreLayout.placeOf(name).compareTo(pass.place()) <= 0) {
          continue;
        }
        if (done >= portion.names() && System.nanoTime() - end >= 0) {
          return kept(pass);
        }
        pass = pass.after(name, again(name));
        done++;
      }
    }
    return kept(pass.end());
  }

  /** Continues, for at most so much, the pass of a change that another writer began. */
  void resume(Portion portion) throws IOException {
    IndexRoot root = store.root();
    run(new Pass(root.epoch(), root.settledTo(), root.settledTo(), 0, 0, false), portion);
  }

  /** Writes down how far a pass is, so that another process can continue it after a crash. */
  private Pass kept(Pass pass) throws IOException {
    IndexRoot root = store.root();
    if (!root.settling()) {
      return pass;
    }
    if (pass.ended() && !pass.failed()) {
      store.publish(new StoreTransaction(session.files(), ""), root.settled());
    } else if (pass.settledTo().compareTo(root.settledTo()) > 0) {
      store.publish(new StoreTransaction(session.files(), ""), root.settledTo(pass.settledTo()));
    }
    return pass;
  }

  private List<String> names(String bucket) throws IOException {
    return session.index().bucket(store.root(), bucket).entrySet().stream()
        .filter(entry -> !entry.getValue().isPurged())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Encrypts every version of a name that can be read. Returns false if the name has failed. */
  private boolean again(String name) throws IOException {
    try {
      VerifiedSecret view = session.apart(store.root(), store.examine(name));
      again(view.isTheirs() ? view : recovery.settle(name));
      return true;
    } catch (StoreFailure e) {
      if (!OF_ONE_SECRET.contains(e.kind())) {
        throw e;
      }
      warn(name, "is not encrypted to the new recipients: " + e.reason());
      return false;
    }
  }

  private void again(VerifiedSecret view) throws IOException {
    SecretManifest manifest = view.requireKnown();
    long epoch = store.root().epoch();
    List<NewVersion> added = new ArrayList<>();
    List<Version> versions = new ArrayList<>();
    for (Version old : manifest.versions()) {
      Optional<NewVersion> version = old.epoch() == epoch ? Optional.empty() : again(view, old);
      version.ifPresent(added::add);
      versions.add(version.map(NewVersion::version).orElse(old));
    }
    if (!added.isEmpty()) {
      store.commit(
          view,
          manifest.next(view.hash(), manifest.state(), manifest.stages(), versions),
          added,
          shown(view, manifest, added));
    }
  }

  private Optional<byte[]> shown(
      VerifiedSecret view, SecretManifest manifest, List<NewVersion> added) throws IOException {
    if (view.state() == FileState.OTHER_RECIPIENTS) {
      return Optional.of(view.foreign());
    }
    if (!isServed(view, manifest)) {
      return Optional.empty();
    }
    for (NewVersion version : added) {
      if (version.version().number() == manifest.current()) {
        return Optional.of(version.file());
      }
    }
    return Optional.of(session.examiner().stored(view, manifest.currentVersion()));
  }

  /**
   * Returns the version for the current recipients; empty if it is an old one that cannot be read.
   */
  private Optional<NewVersion> again(VerifiedSecret view, Version old) throws IOException {
    byte[] value;
    try {
      value = session.examiner().decrypt(view, old);
    } catch (StoreFailure e) {
      SecretManifest manifest = view.requireKnown();
      boolean served = isServed(view, manifest) && old.number() == manifest.current();
      if (served || !OF_ONE_SECRET.contains(e.kind())) {
        throw e;
      }
      warn(view.name(), "keeps version " + old.number() + " as it is: " + e.reason());
      return Optional.empty();
    }
    try {
      return Optional.of(
          store.encrypt(value, old.number(), old.turn() + 1, old.sha256(), old.created()));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  static boolean isServed(VerifiedSecret view, SecretManifest manifest) {
    return manifest.state() == State.LIVE && !view.isTheirs();
  }

  private static void warn(String name, String what) {
    StoreLog.LOG.log(System.Logger.Level.WARNING, "Secret ''{0}'' {1}.", name, what);
  }
}
