package de.lifetimecircle.secrets.gpg;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.IndexRoot.Recipient;
import de.lifetimecircle.secrets.gpg.LockedStore.NewVersion;
import de.lifetimecircle.secrets.gpg.Manifest.State;
import de.lifetimecircle.secrets.gpg.Manifest.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who can read. The signed index says it; {@code .gpg-id} repeats it for {@code pass}, and a {@code
 * .gpg-id} that says something else stops every write.
 *
 * <p>A change of the recipients first becomes part of the index, as an epoch that is not settled;
 * then every version of an older epoch is encrypted anew, each name in a change of its own; then
 * the epoch is settled. Whoever takes the lock next after a crash goes on where it stopped.
 */
final class Recipients {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.gpg");
  private static final int MAX_RECIPIENTS = 64;
  private static final int MAX_GPG_ID = 64 * 1024;

  private final DurableFiles files;
  private final Trust trust;

  Recipients(DurableFiles files, Trust trust) {
    this.files = files;
    this.trust = trust;
  }

  /** The certificates to encrypt to: exactly those that the index names, none left out. */
  List<PgpCertificate> certificates(IndexRoot root) throws IOException, StoreProblem {
    List<PgpCertificate> certificates = new ArrayList<>();
    for (Recipient recipient : root.recipients()) {
      String file = StoreLayout.certificate(recipient.fingerprint());
      byte[] bytes = files.read(file, PgpCertificate.MAX_BYTES);
      if (bytes == null) {
        throw StoreProblem.corrupt(file, "is gone, though the index names the recipient");
      }
      if (!Sha256.hex(bytes).equals(recipient.sha256())) {
        throw StoreProblem.corrupt(file, "is not the one that the index names");
      }
      // Of our own key we have a certificate that may be newer: its validity was extended.
      certificates.add(
          recipient.fingerprint().equals(trust.ownFingerprint())
              ? trust.ownCertificate()
              : Trust.certificate(file, recipient.fingerprint(), bytes));
    }
    return certificates;
  }

  /**
   * Before a write: the recipients are those that a signer chose, and all versions are for them.
   */
  void settle(LockedStore store) throws IOException, StoreProblem, PgpFailure {
    renewOwn(store);
    IndexRoot root = store.root();
    boolean gone = !files.exists(StoreLayout.GPG_ID) && !files.exists(StoreLayout.GPG_ID_SIGNATURE);
    if (root.settling() || gone) {
      LOG.log(System.Logger.Level.WARNING, "Wrote {0} again from the index.", StoreLayout.GPG_ID);
      Transaction transaction = new Transaction(files, "");
      stageGpgId(transaction, root);
      transaction.run();
    }
    if (root.settling()) {
      encryptAnew(store);
    } else {
      requireUnchanged(root);
    }
  }

  /**
   * Puts our certificate into the store once it says more than the copy there, so that the other
   * readers can verify what we sign from now on.
   */
  private void renewOwn(LockedStore store) throws IOException, StoreProblem, PgpFailure {
    String fingerprint = trust.ownFingerprint();
    String file = StoreLayout.certificate(fingerprint);
    byte[] stored = files.read(file, PgpCertificate.MAX_BYTES);
    PgpCertificate own = trust.ownCertificate();
    byte[] armored = own.armored();
    Recipient now = new Recipient(fingerprint, Sha256.hex(armored));
    Optional<Recipient> named = store.root().recipient(fingerprint);
    if (stored == null || named.filter(now::equals).isPresent()) {
      return;
    }
    // A crash may have come after the file and before the index.
    boolean asNamed = named.isEmpty() || named.get().sha256().equals(Sha256.hex(stored));
    boolean renewed = Arrays.equals(stored, armored);
    if (renewed
        ? named.isPresent()
        : asNamed && own.isNewsFor(Trust.certificate(file, fingerprint, stored))) {
      Transaction transaction = new Transaction(files, "").replace(file, armored);
      if (named.isPresent()) {
        store.publish(transaction, store.root().withCertificate(now));
      } else {
        transaction.run();
      }
    }
  }

  private void requireUnchanged(IndexRoot root) throws IOException, StoreProblem {
    String remedy =
        "Add and remove recipients with addRecipient and removeRecipient; to drop the change,"
            + " delete .gpg-id and .gpg-id.sig, and they are written again from the signed index";
    byte[] ids = files.read(StoreLayout.GPG_ID, MAX_GPG_ID);
    if (ids == null || !Arrays.equals(ids, root.gpgId())) {
      throw StoreProblem.corrupt(
          StoreLayout.GPG_ID,
          "names other recipients than the signed index, so nothing is written",
          remedy);
    }
    byte[] signature = files.read(StoreLayout.GPG_ID_SIGNATURE, PgpCertificate.MAX_BYTES);
    if (signature == null) {
      throw StoreProblem.corrupt(StoreLayout.GPG_ID_SIGNATURE, "is gone", remedy);
    }
    trust.verifyDetached(StoreLayout.GPG_ID_SIGNATURE, ids, signature);
  }

  void stageGpgId(Transaction transaction, IndexRoot root) throws PgpFailure {
    byte[] ids = root.gpgId();
    transaction
        .replace(StoreLayout.GPG_ID_SIGNATURE, trust.signDetached(ids))
        .replace(StoreLayout.GPG_ID, ids);
  }

  String add(LockedStore store, PgpCertificate added) throws IOException, StoreProblem, PgpFailure {
    requireUsable(added);
    String fingerprint = added.fingerprint();
    byte[] file = added.armored();
    IndexRoot root = store.root();
    if (root.hasRecipient(fingerprint)) {
      renew(store, added);
      return fingerprint;
    }
    if (root.recipients().size() >= MAX_RECIPIENTS) {
      throw StoreProblem.of(
          Kind.TOO_LARGE,
          "the store has " + MAX_RECIPIENTS + " recipients already",
          "Remove one first");
    }
    List<Recipient> recipients = new ArrayList<>(root.recipients());
    recipients.add(new Recipient(fingerprint, Sha256.hex(file)));
    Transaction transaction = new Transaction(files, "");
    transaction.replace(StoreLayout.certificate(fingerprint), file);
    change(store, transaction, recipients);
    return fingerprint;
  }

  /**
   * Takes the newer certificate of a recipient; versions stay if its encryption key is the same.
   */
  private void renew(LockedStore store, PgpCertificate added)
      throws IOException, StoreProblem, PgpFailure {
    String file = StoreLayout.certificate(added.fingerprint());
    byte[] stored = files.read(file, PgpCertificate.MAX_BYTES);
    String named = store.root().recipient(added.fingerprint()).orElseThrow().sha256();
    PgpCertificate before =
        stored != null && named.equals(Sha256.hex(stored))
            ? Trust.certificate(file, added.fingerprint(), stored)
            : null;
    if (before != null && !added.isNewsFor(before)) {
      return;
    }
    PgpCertificate after = before == null ? added : before.joinedWith(added);
    byte[] armored = after.armored();
    Recipient renewed = new Recipient(added.fingerprint(), Sha256.hex(armored));
    Transaction transaction = new Transaction(files, "").replace(file, armored);
    IndexRoot next = store.root().withCertificate(renewed);
    if (before != null && after.encryptsLike(before, trust.now())) {
      store.publish(transaction, next);
    } else {
      change(store, transaction, next.recipients());
    }
  }

  /** Reads a certificate that somebody brings. */
  static PgpCertificate parse(byte[] certificate) throws StoreProblem {
    try {
      return PgpCertificate.parse(certificate);
    } catch (PgpFailure e) {
      throw unusable(e);
    }
  }

  private void requireUsable(PgpCertificate certificate) throws StoreProblem {
    try {
      certificate.requireUsable(trust.now());
    } catch (PgpFailure e) {
      throw unusable(e);
    }
  }

  private static StoreProblem unusable(PgpFailure e) {
    return StoreProblem.of(
        Kind.INVALID_VALUE, "the certificate cannot be used", GpgErrors.plain(e));
  }

  void remove(LockedStore store, String fingerprint) throws IOException, StoreProblem, PgpFailure {
    String wanted = fingerprint.replace(" ", "").toUpperCase(Locale.ROOT);
    IndexRoot root = store.root();
    if (!root.hasRecipient(wanted)) {
      throw StoreProblem.of(
          Kind.NOT_FOUND, "no recipient has that fingerprint", "List the recipients");
    }
    if (wanted.equals(trust.ownFingerprint())) {
      throw StoreProblem.of(
          Kind.CONFLICT,
          "it is our own key, and without it this store could not read what it writes",
          "Let another recipient remove it");
    }
    List<Recipient> recipients = new ArrayList<>(root.recipients());
    recipients.removeIf(recipient -> recipient.fingerprint().equals(wanted));
    change(store, new Transaction(files, ""), recipients);
    LOG.log(
        System.Logger.Level.WARNING,
        "Recipient {0} was removed. What it has read stays known to it: rotate the values.",
        wanted);
  }

  private void change(LockedStore store, Transaction transaction, List<Recipient> recipients)
      throws IOException, StoreProblem, PgpFailure {
    IndexRoot next = store.root().withRecipients(recipients);
    // The index first: it is the commit point, and says what .gpg-id must become.
    StoreIndex.Staged staged = store.stage(transaction, next);
    stageGpgId(transaction, next);
    store.run(transaction, staged);
    encryptAnew(store);
  }

  private void encryptAnew(LockedStore store) throws IOException, StoreProblem, PgpFailure {
    Recovery recovery = new Recovery(store);
    for (Map.Entry<String, IndexEntry> entry :
        store.session().index().all(store.root()).entrySet()) {
      if (!entry.getValue().isPurged()) {
        encryptAnew(store, recovery.settle(entry.getKey()));
      }
    }
    store.publish(new Transaction(files, ""), store.root().settled());
  }

  private static void encryptAnew(LockedStore store, NameView view)
      throws IOException, StoreProblem, PgpFailure {
    Manifest manifest = Examiner.requireKnown(view);
    long epoch = store.root().epoch();
    if (manifest.versions().stream().allMatch(version -> version.epoch() == epoch)) {
      return;
    }
    List<NewVersion> added = new ArrayList<>();
    List<Version> versions = new ArrayList<>();
    Optional<byte[]> shown = Optional.empty();
    for (Version old : manifest.versions()) {
      if (old.epoch() == epoch) {
        versions.add(old);
        continue;
      }
      NewVersion version = again(store, view, old);
      added.add(version);
      versions.add(version.version());
    }
    if (manifest.state() == State.LIVE) {
      for (NewVersion version : added) {
        if (version.version().number() == manifest.current()) {
          shown = Optional.of(version.file());
        }
      }
      if (shown.isEmpty()) {
        shown = Optional.of(store.session().examiner().stored(view, manifest.currentVersion()));
      }
    }
    store.commit(
        view,
        manifest.next(view.hash(), manifest.state(), manifest.stages(), versions),
        added,
        shown);
  }

  private static NewVersion again(LockedStore store, NameView view, Version old)
      throws IOException, StoreProblem, PgpFailure {
    byte[] value = store.session().examiner().decrypt(view, old);
    try {
      return store
          .encrypt(value, old.number(), old.turn() + 1, old.sha256())
          .createdAt(old.created());
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }
}
