package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.RollbackGuard;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Verifies all of a store: every signature, every hash, and that every version can be decrypted.
 * Changes nothing, and waits for writers only after it has found something inconsistent. Used once.
 */
final class StoreCheck {
  private final StoreSession session;
  private final DurableFiles files;
  private final StoreFindings findings = new StoreFindings();
  private int secrets;
  private int versions;
  private int decrypted;

  StoreCheck(StoreSession session) {
    this.session = session;
    this.files = session.files();
  }

  /**
   * Verifies the store and returns the findings.
   *
   * @param mark the high-water mark of the store, also if this is a copy of it
   * @param older the level of the finding that the index is older than the mark
   */
  StoreReport run(Optional<RollbackGuard.Mark> mark, Level older) throws IOException {
    findings.fact("store", files.root());
    findings.fact("key", session.trust().ownFingerprint());
    IndexRoot root = findings.unlessDamaged(StoreLayout.INDEX, "", () -> session.read(at -> at));
    SortedSet<String> names = new TreeSet<>(UnlistedFiles.names(files));
    if (root != null) {
      findings.fact("generation", root.generation());
      checkShared(root);
      mark.ifPresent(known -> compare(root, known, older));
      findings.unlessDamaged(
          StoreLayout.BUCKETS,
          "",
          () -> names.addAll(session.read(at -> session.index().all(at).keySet())));
    }
    for (String name : names) {
      check(name, root != null);
    }
    noteRest();
    findings.fact("secrets", secrets);
    findings.fact("versions", versions);
    findings.fact("decrypted", decrypted);
    return findings.report();
  }

  private void compare(IndexRoot root, RollbackGuard.Mark known, Level older) {
    boolean live = older == Level.DAMAGED;
    if (!known.storeId().equals(root.storeId())) {
      findings.add(
          live ? Level.DAMAGED : Level.UNPROVED,
          StoreLayout.INDEX,
          "belongs to another store than the high-water mark"
              + (live ? ", so every read is refused. " + RollbackGuard.OTHER_STORE : ""));
    } else if (known.generation() > root.generation()) {
      findings.add(
          older,
          StoreLayout.INDEX,
          "is older than the high-water mark (generation "
              + root.generation()
              + ", and "
              + known.generation()
              + " was seen)"
              + (live ? ", so every read is refused. " + RollbackGuard.ROLLED_BACK : ""));
    }
  }

  /** Checks the files that belong to no name. */
  private void checkShared(IndexRoot root) throws IOException {
    findings.unlessDamaged(
        StoreLayout.CERTIFICATES,
        "",
        () -> session.read(at -> session.recipients().certificates(at)));
    if (root.settling()) {
      findings.note(
          StoreLayout.INDEX, "not all versions are for the newest recipients; a write goes on");
      return;
    }
    findings.unlessDamaged(
        StoreLayout.GPG_ID,
        "",
        () ->
            session.read(
                at -> {
                  session.recipients().requireUnchanged(at);
                  return at;
                }));
  }

  /** The findings of one look at a name; discarded if a writer was at work during it. */
  private final class Look {
    private final StoreFindings found = new StoreFindings();
    private boolean live;
    private int whole;
    private int readable;

    Look at(IndexRoot root, String name) throws IOException {
      VerifiedSecret view = session.apart(root, session.examiner().examine(root, name));
      for (String stray : session.examiner().stray(view)) {
        found.unproved(
            stray,
            "no signed manifest lists it, so it is unknown whether it was ever in force;"
                + " gpg -d shows it, and the next write of the secret moves it to "
                + StoreLayout.ASIDE);
      }
      SecretManifest manifest = view.manifest();
      if (manifest != null) {
        verifySignature(name, view);
        checkVersions(manifest);
      }
      state(view);
      return this;
    }

    /** Checks a name by its manifest alone, without an index. */
    Look alone(String name) throws IOException {
      byte[] bytes = files.read(StoreLayout.manifest(name), StoreTrust.MAX_SIGNED);
      if (bytes == null) {
        throw GpgErrors.corrupt(StoreLayout.manifest(name), "is gone");
      }
      checkVersions(session.examiner().signed(name, bytes));
      return this;
    }

    private void checkVersions(SecretManifest manifest) throws IOException {
      live = manifest.state() == State.LIVE;
      for (Version version : manifest.versions()) {
        checkVersion(manifest.name(), version);
      }
    }

    private void verifySignature(String name, VerifiedSecret view) throws IOException {
      String file = StoreLayout.manifest(name);
      byte[] signed = files.read(file, StoreTrust.MAX_SIGNED);
      if (signed == null || !Sha256.hex(signed).equals(view.hash())) {
        throw GpgErrors.corrupt(file, "has changed while it was verified");
      }
      session.trust().verify(file, signed);
    }

    private void checkVersion(String name, Version version) throws IOException {
      String file = version.file(name);
      byte[] bytes = files.read(file, PgpMessage.MAX_BYTES);
      if (bytes == null || !version.fits(bytes)) {
        String what = bytes == null ? "is gone" : "is not what was stored";
        found.damaged(file, what + " (version " + version.number() + " of '" + name + "')");
        return;
      }
      whole++;
      try {
        byte[] value = PgpCodec.decrypt(bytes, session.identity());
        Arrays.fill(value, (byte) 0);
        readable++;
      } catch (PgpFailure e) {
        if (e.reason() != Reason.WRONG_KEY) {
          throw GpgErrors.ofMessage(file, e);
        }
        found.note(file, "is not encrypted to this key; its hash is right");
      }
    }

    private void state(VerifiedSecret view) {
      String file = StoreLayout.current(view.name());
      if (view.state() == FileState.REMOVED) {
        found.note(file, "was removed by another program, so the secret is not served");
      } else if (view.state() == FileState.OTHER_RECIPIENTS || view.state() == FileState.FOREIGN) {
        foreign(file, view);
      } else if (view.ahead() || view.leftover() || view.state() != FileState.AS_STORED) {
        found.note(
            view.name(), "a write was interrupted; the next write of this secret completes it");
      }
    }

    private void foreign(String file, VerifiedSecret view) {
      if (session.config().foreignEdits() == ForeignEdits.REJECT) {
        found.damaged(file, "was not written by this store, or was changed by another program");
        return;
      }
      boolean apart = view.state() == FileState.OTHER_RECIPIENTS;
      try {
        Arrays.fill(PgpCodec.decrypt(view.foreign(), session.identity()), (byte) 0);
        String then = apart ? "it is served as it is" : "the next read takes it over";
        found.note(file, "was written by another program; " + then);
      } catch (PgpFailure e) {
        if (e.reason() != Reason.WRONG_KEY) {
          throw GpgErrors.ofMessage(file, e);
        }
        String what = "was written by another program and is not encrypted to this key";
        found.add(apart ? Level.NOTE : Level.DAMAGED, file, what);
      }
    }
  }

  private void check(String name, boolean indexed) throws IOException {
    Look look = findings.unlessDamaged(name, "", () -> look(name, indexed));
    if (look != null) {
      findings.addAll(look.found);
      secrets += look.live ? 1 : 0;
      versions += look.whole;
      decrypted += look.readable;
    }
  }

  /** Looks again under the lock if it found more than notes: a writer may have been at work. */
  private Look look(String name, boolean indexed) throws IOException {
    return indexed
        ? session.readTwice(root -> new Look().at(root, name), seen -> seen.found.isGrave())
        : new Look().alone(name);
  }

  private void noteRest() throws IOException {
    List<String> left = files.list(StoreLayout.TEMPORARY);
    if (!left.isEmpty()) {
      findings.note(
          StoreLayout.TEMPORARY,
          left.size() + " files of a write that is running or was interrupted");
    }
    int aside = UnlistedFiles.aside(files);
    if (aside > 0) {
      findings.note(
          StoreLayout.ASIDE, aside + " files that were moved aside; delete them when not needed");
    }
  }
}
