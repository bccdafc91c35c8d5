package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.store.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.store.LockedStore.NewVersion;
import de.lifetimecircle.secrets.gpg.store.NameView.FileState;
import de.lifetimecircle.secrets.gpg.store.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.store.SecretManifest.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Encrypts every kept version to the current recipients after a change. Used by the thread that
 * holds the lock.
 *
 * <p>A version that cannot be read stays as it is and is named, so that one damaged file does not
 * stop all others; only the current version of a secret that is served must be readable, and that
 * is checked before the recipients change.
 */
final class Reencryption {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.gpg");

  /**
   * Failures of one secret, which say nothing about the disk or the caller, so others can go on.
   */
  private static final Set<Kind> OF_ONE_SECRET =
      EnumSet.of(Kind.CORRUPT, Kind.ACCESS_DENIED, Kind.DISABLED, Kind.BAD_NAME, Kind.CONFLICT);

  private final LockedStore store;
  private final StoreSession session;
  private final StoreRecovery recovery;

  Reencryption(LockedStore store) {
    this.store = store;
    this.session = store.session();
    this.recovery = new StoreRecovery(store);
  }

  /** Fails, before anything is written, if a secret that is served could not be encrypted again. */
  void requirePossible() throws IOException, StoreProblem {
    for (String name : names()) {
      try {
        requireReadable(session.apart(store.root(), store.examine(name)));
      } catch (StoreProblem e) {
        if (!OF_ONE_SECRET.contains(e.kind())) {
          throw e;
        }
        throw StoreProblem.of(
            e.kind(),
            "secret '"
                + name
                + "' cannot be encrypted again, so nothing was changed: "
                + e.reason(),
            e.advice());
      }
    }
  }

  private void requireReadable(NameView view) throws IOException, StoreProblem {
    if (view.state() == FileState.FOREIGN) {
      if (session.config().foreignEdits() == ForeignEdits.REJECT) {
        session.examiner().requireOwn(view);
      }
      String file = StoreLayout.current(view.name());
      Arrays.fill(session.examiner().decrypt(file, view.foreign()), (byte) 0);
      return;
    }
    SecretManifest manifest = view.manifest();
    if (manifest != null && isServed(view, manifest)) {
      Arrays.fill(session.examiner().decrypt(view, manifest.currentVersion()), (byte) 0);
    }
  }

  /**
   * Encrypts every version that can be read. The change is settled once no secret has failed; the
   * next write retries a secret that failed.
   */
  void run() throws IOException, StoreProblem, PgpFailure {
    boolean complete = true;
    for (String name : names()) {
      try {
        NameView view = session.apart(store.root(), store.examine(name));
        again(view.isTheirs() ? view : recovery.settle(name));
      } catch (StoreProblem e) {
        if (!OF_ONE_SECRET.contains(e.kind())) {
          throw e;
        }
        complete = false;
        warn(name, "is not encrypted to the new recipients: " + e.reason());
      }
    }
    if (complete && store.root().settling()) {
      store.publish(new StoreTransaction(session.files(), ""), store.root().settled());
    }
  }

  private List<String> names() throws IOException, StoreProblem {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, IndexEntry> entry : session.index().all(store.root()).entrySet()) {
      if (!entry.getValue().isPurged()) {
        names.add(entry.getKey());
      }
    }
    return names;
  }

  private void again(NameView view) throws IOException, StoreProblem, PgpFailure {
    SecretManifest manifest = NameExamination.requireKnown(view);
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

  private Optional<byte[]> shown(NameView view, SecretManifest manifest, List<NewVersion> added)
      throws IOException, StoreProblem {
    if (view.state() == FileState.APART) {
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
  private Optional<NewVersion> again(NameView view, Version old)
      throws IOException, StoreProblem, PgpFailure {
    byte[] value;
    try {
      value = session.examiner().decrypt(view, old);
    } catch (StoreProblem e) {
      SecretManifest manifest = NameExamination.requireKnown(view);
      boolean served = isServed(view, manifest) && old.number() == manifest.current();
      if (served || !OF_ONE_SECRET.contains(e.kind())) {
        throw e;
      }
      warn(view.name(), "keeps version " + old.number() + " as it is: " + e.reason());
      return Optional.empty();
    }
    try {
      return Optional.of(
          store
              .encrypt(value, old.number(), old.turn() + 1, old.sha256())
              .createdAt(old.created()));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  private static boolean isServed(NameView view, SecretManifest manifest) {
    return manifest.state() == State.LIVE && !view.isTheirs();
  }

  private static void warn(String name, String what) {
    LOG.log(System.Logger.Level.WARNING, "Secret ''{0}'' {1}.", name, what);
  }

  /**
   * Lists versions that are unreadable or not encrypted to the current recipients, a sentence for
   * each.
   */
  static List<String> findings(StoreSession session, IndexRoot root)
      throws IOException, StoreProblem {
    List<String> findings = new ArrayList<>();
    if (root.settling()) {
      findings.add("The last change of the recipients is not complete. The next write resumes it.");
    }
    for (Map.Entry<String, IndexEntry> entry : session.index().all(root).entrySet()) {
      if (!entry.getValue().isPurged()) {
        addFindings(session, root, entry.getKey(), findings);
      }
    }
    return findings;
  }

  private static void addFindings(
      StoreSession session, IndexRoot root, String name, List<String> findings)
      throws IOException, StoreProblem {
    NameView view;
    try {
      view = session.examiner().examine(root, name);
    } catch (StoreProblem e) {
      findings.add("Secret '" + name + "': " + e.reason() + ". " + e.advice() + ".");
      return;
    }
    for (Version version : view.found().map(SecretManifest::versions).orElse(List.of())) {
      String which = "Secret '" + name + "', version " + version.number() + ": ";
      try {
        session.examiner().stored(view, version);
        if (version.epoch() != root.epoch()) {
          findings.add(
              which
                  + "is encrypted to earlier recipients. Run 'secrets recipients add' with the"
                  + " certificate of any recipient again.");
        }
      } catch (StoreProblem e) {
        findings.add(which + e.reason() + ". " + e.advice() + ".");
      }
    }
  }
}
