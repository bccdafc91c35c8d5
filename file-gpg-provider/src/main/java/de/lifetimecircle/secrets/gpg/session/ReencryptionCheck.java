package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks, before the recipients change, that every secret that is served can be encrypted again.
 * Used by one thread.
 *
 * <p>It decrypts every current version, which takes seconds in a large store. So a first round runs
 * without the lock, and a second one, with it, checks only the names that have changed meanwhile or
 * have failed: a failure without the lock may be the work of a writer.
 */
final class ReencryptionCheck {
  private static final int ATTEMPTS = 3;

  private final StoreSession session;

  /** The hash of the manifest with which each name was found to be readable. */
  private final Map<String, String> readable = new HashMap<>();

  ReencryptionCheck(StoreSession session) {
    this.session = session;
  }

  /** Checks what can be checked while others write. Reports no failure. */
  void withoutLock(RecipientProgress progress) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        IndexRoot root = session.index().load();
        Map<String, IndexEntry> entries = session.index().kept(root);
        long done = 0;
        for (Map.Entry<String, IndexEntry> entry : entries.entrySet()) {
          check(root, entry.getKey(), entry.getValue().manifest());
          progress.checked(++done, entries.size());
        }
        return;
      } catch (StoreFailure e) {
        GpgErrors.requireCorrupt(e);
      }
    }
  }

  private void check(IndexRoot root, String name, String manifest) {
    if (Thread.currentThread().isInterrupted()) {
      throw StoreFailure.interrupted();
    }
    try {
      VerifiedSecret view = session.apart(root, session.examiner().examine(root, name));
      requireReadable(view);
      if (!view.ahead()) {
        readable.put(name, manifest);
      }
    } catch (StoreFailure | IOException e) {
      // The second round checks it again.
      readable.remove(name);
    }
  }

  /** Fails, before anything is written, if a secret that is served cannot be encrypted again. */
  void underLock(LockedStore store) throws IOException {
    for (Map.Entry<String, IndexEntry> entry : session.index().kept(store.root()).entrySet()) {
      String name = entry.getKey();
      if (entry.getValue().manifest().equals(readable.get(name))) {
        continue;
      }
      try {
        requireReadable(session.apart(store.root(), store.examine(name)));
      } catch (StoreFailure e) {
        if (!Reencryption.OF_ONE_SECRET.contains(e.kind())) {
          throw e;
        }
        throw e.because(
            "secret '"
                + name
                + "' cannot be encrypted again, so nothing was changed: "
                + e.reason());
      }
    }
  }

  private void requireReadable(VerifiedSecret view) throws IOException {
    if (view.state() == FileState.FOREIGN) {
      if (session.config().foreignEdits() == ForeignEdits.REJECT) {
        session.examiner().requireOwn(view);
      }
      String file = StoreLayout.current(view.name());
      Arrays.fill(session.examiner().decrypt(file, view.foreign()), (byte) 0);
      return;
    }
    SecretManifest manifest = view.manifest();
    if (manifest != null && Reencryption.isServed(view, manifest)) {
      Arrays.fill(session.examiner().decrypt(view, manifest.currentVersion()), (byte) 0);
    }
  }
}
