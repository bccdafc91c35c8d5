package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Recipient;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.session.Reencryption.Portion;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Manages the list of recipients. The signed index is the authority. {@code .gpg-id} repeats it for
 * {@code pass}, and a {@code .gpg-id} that differs stops every write: whoever can write that file
 * could otherwise add a key and read the next value.
 *
 * <p>A change of the recipients first becomes part of the index, as an epoch that is not settled;
 * then every version of an older epoch is encrypted again, each name in a change of its own; then
 * the epoch is settled. After a crash, every write does a part of the remaining work, see {@link
 * Reencryption}.
 */
public record StoreRecipients(DurableFiles files, StoreTrust trust) {
  private static final int MAX_RECIPIENTS = 64;

  /**
   * How much of an unfinished change each write does. A few names cost less than a tenth of a
   * second.
   */
  private static final Portion HELP = new Portion(16, Duration.ZERO);

  /** Returns the certificates to encrypt to: exactly those that the index names, none left out. */
  public List<PgpCertificate> certificates(IndexRoot root) throws IOException {
    List<PgpCertificate> certificates = new ArrayList<>();
    for (Recipient recipient : root.recipients()) {
      certificates.add(certificate(recipient));
    }
    return certificates;
  }

  private PgpCertificate certificate(Recipient recipient) throws IOException {
    String file = StoreLayout.certificate(recipient.fingerprint());
    byte[] bytes = files.read(file, PgpCertificate.MAX_BYTES);
    if (bytes == null) {
      throw GpgErrors.corrupt(file, "is gone, though the index names the recipient");
    }
    if (!Sha256.hex(bytes).equals(recipient.sha256())) {
      throw GpgErrors.corrupt(
          file,
          "is not the one that the index names",
          "Take the certificate from its owner again: secrets recipients add FILE");
    }
    // Of our own key we have a certificate that may be newer: its validity was extended.
    return recipient.fingerprint().equals(trust.ownFingerprint())
        ? trust.ownCertificate()
        : StoreTrust.certificate(file, recipient.fingerprint(), bytes);
  }

  /**
   * Makes sure, before a write, that a signer chose the recipients, and does a part of an
   * unfinished change.
   */
  void settle(LockedStore store) throws IOException {
    prepare(store);
    if (store.root().settling()) {
      resume(store);
    }
  }

  /** Makes sure, before a write, that a signer chose the recipients. */
  void prepare(LockedStore store) throws IOException {
    renewOwn(store);
    IndexRoot root = store.root();
    boolean gone = !files.exists(StoreLayout.GPG_ID) && !files.exists(StoreLayout.GPG_ID_SIGNATURE);
    if (gone || (root.settling() && !isUnchanged(root))) {
      StoreTransaction transaction = new StoreTransaction(files, "");
      stageGpgId(transaction, root);
      transaction.run();
      StoreLog.LOG.log(
          System.Logger.Level.WARNING, "Wrote {0} again from the index.", StoreLayout.GPG_ID);
    } else if (!root.settling()) {
      requireUnchanged(root);
    }
  }

  /** Returns whether {@code .gpg-id} is of this root; not after a crash in a change. */
  private boolean isUnchanged(IndexRoot root) throws IOException {
    try {
      requireUnchanged(root);
      return true;
    } catch (StoreFailure e) {
      return false;
    }
  }

  /**
   * Resumes a change. A recipient whose key has expired since must not block the store, because
   * then no one could remove that recipient.
   */
  private static void resume(LockedStore store) throws IOException {
    try {
      new Reencryption(store).resume(HELP);
    } catch (PgpFailure e) {
      if (e.reason() != PgpFailure.Reason.EXPIRED_KEY
          && e.reason() != PgpFailure.Reason.UNUSABLE_RECIPIENT) {
        throw e;
      }
      StoreLog.LOG.log(
          System.Logger.Level.WARNING,
          "The change of the recipients is not complete: {0}",
          e.text() + ".");
    }
  }

  /**
   * Copies our certificate into the store if it has news, so that the other readers can verify our
   * future signatures.
   */
  private void renewOwn(LockedStore store) throws IOException {
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
    // After a crash between the two writes, the file is new and the index still names the old one.
    boolean asNamed = named.isEmpty() || named.get().sha256().equals(Sha256.hex(stored));
    boolean renewed = Arrays.equals(stored, armored);
    if (renewed
        ? named.isPresent()
        : asNamed && own.isNewsFor(StoreTrust.certificate(file, fingerprint, stored))) {
      StoreTransaction transaction = new StoreTransaction(files, "").replace(file, armored);
      if (named.isPresent()) {
        store.publish(transaction, store.root().withCertificate(now));
      } else {
        transaction.run();
      }
    }
  }

  /** Rejects a {@code .gpg-id} that differs from the index. */
  public void requireUnchanged(IndexRoot root) throws IOException {
    byte[] ids = files.read(StoreLayout.GPG_ID, FolderRecipients.MAX_BYTES);
    if (ids == null || !Arrays.equals(ids, root.gpgId())) {
      throw GpgErrors.corrupt(
          StoreLayout.GPG_ID,
          "names other recipients than the signed index, so nothing is written",
          GpgErrors.GPG_ID_ADVICE);
    }
    byte[] signature = files.read(StoreLayout.GPG_ID_SIGNATURE, PgpCertificate.MAX_BYTES);
    if (signature == null) {
      throw GpgErrors.corrupt(StoreLayout.GPG_ID_SIGNATURE, "is gone", GpgErrors.GPG_ID_ADVICE);
    }
    trust.verifyDetached(StoreLayout.GPG_ID_SIGNATURE, ids, signature);
  }

  /** Adds {@code .gpg-id} and its signature, as a root has it, to a transaction. */
  public void stageGpgId(StoreTransaction transaction, IndexRoot root) {
    byte[] ids = root.gpgId();
    transaction
        .replace(StoreLayout.GPG_ID_SIGNATURE, trust.signDetached(ids))
        .replace(StoreLayout.GPG_ID, ids);
  }

  void add(LockedStore store, PgpCertificate added, ReencryptionCheck check) throws IOException {
    String fingerprint = added.fingerprint();
    byte[] file = added.armored();
    IndexRoot root = store.root();
    if (root.hasRecipient(fingerprint)) {
      renew(store, added, check);
      return;
    }
    if (root.recipients().size() >= MAX_RECIPIENTS) {
      throw StoreFailure.of(
          Kind.TOO_LARGE,
          "the store has " + MAX_RECIPIENTS + " recipients already",
          "Remove one first");
    }
    List<Recipient> recipients = new ArrayList<>(root.recipients());
    recipients.add(new Recipient(fingerprint, Sha256.hex(file)));
    StoreTransaction transaction = new StoreTransaction(files, "");
    transaction.replace(StoreLayout.certificate(fingerprint), file);
    change(store, transaction, recipients, check);
  }

  /** Returns whether the versions must be encrypted again if this certificate is added. */
  boolean isChange(IndexRoot root, PgpCertificate added) throws IOException {
    if (!root.hasRecipient(added.fingerprint())) {
      return root.recipients().size() < MAX_RECIPIENTS;
    }
    PgpCertificate before = intact(root, added.fingerprint());
    return before == null
        || (added.isNewsFor(before) && !before.joinedWith(added).encryptsLike(before, trust.now()));
  }

  /**
   * Returns the stored certificate of a recipient; null unless it is the one that the index names.
   */
  private @Nullable PgpCertificate intact(IndexRoot root, String fingerprint) throws IOException {
    String file = StoreLayout.certificate(fingerprint);
    byte[] stored = files.read(file, PgpCertificate.MAX_BYTES);
    String named = root.recipient(fingerprint).orElseThrow().sha256();
    return stored != null && named.equals(Sha256.hex(stored))
        ? StoreTrust.certificate(file, fingerprint, stored)
        : null;
  }

  /**
   * Stores the newer certificate of a recipient. Versions stay if its encryption key is the same.
   */
  private void renew(LockedStore store, PgpCertificate added, ReencryptionCheck check)
      throws IOException {
    PgpCertificate before = intact(store.root(), added.fingerprint());
    if (before != null && !added.isNewsFor(before)) {
      return;
    }
    PgpCertificate after = before == null ? added : before.joinedWith(added);
    byte[] armored = after.armored();
    Recipient renewed = new Recipient(added.fingerprint(), Sha256.hex(armored));
    String file = StoreLayout.certificate(added.fingerprint());
    StoreTransaction transaction = new StoreTransaction(files, "").replace(file, armored);
    IndexRoot next = store.root().withCertificate(renewed);
    if (before != null && after.encryptsLike(before, trust.now())) {
      store.publish(transaction, next);
    } else {
      change(store, transaction, next.recipients(), check);
    }
  }

  /** Parses a certificate from outside the store. */
  public static PgpCertificate parse(byte[] certificate) {
    try {
      return PgpCertificate.parse(certificate);
    } catch (PgpFailure e) {
      throw unusable(e);
    }
  }

  /** Rejects a certificate to which nothing can be encrypted now. */
  void requireUsable(PgpCertificate certificate) {
    try {
      certificate.requireUsable(trust.now());
    } catch (PgpFailure e) {
      throw unusable(e);
    }
  }

  private static StoreFailure unusable(PgpFailure e) {
    return StoreFailure.of(Kind.INVALID_VALUE, "the certificate cannot be used", e.text());
  }

  /** Returns the fingerprint as the index has it; fails if that recipient cannot be removed. */
  String requireRemovable(IndexRoot root, String fingerprint) {
    String wanted = fingerprint.replace(" ", "").toUpperCase(Locale.ROOT);
    if (!root.hasRecipient(wanted)) {
      throw StoreFailure.of(
          Kind.NOT_FOUND, "no recipient has that fingerprint", "List the recipients");
    }
    if (wanted.equals(trust.ownFingerprint())) {
      throw StoreFailure.of(
          Kind.CONFLICT,
          "it is our own key, and without it this store could not read what it writes",
          "Let another recipient remove it");
    }
    return wanted;
  }

  void remove(LockedStore store, String fingerprint, ReencryptionCheck check) throws IOException {
    IndexRoot root = store.root();
    String wanted = requireRemovable(root, fingerprint);
    List<Recipient> recipients = new ArrayList<>(root.recipients());
    recipients.removeIf(recipient -> recipient.fingerprint().equals(wanted));
    change(store, new StoreTransaction(files, ""), recipients, check);
    StoreLog.LOG.log(
        System.Logger.Level.WARNING,
        "Recipient {0} was removed. It still knows every value it has read: rotate them.",
        wanted);
  }

  /** Publishes the change; {@link RecipientChange} then encrypts the versions again. */
  private void change(
      LockedStore store,
      StoreTransaction transaction,
      List<Recipient> recipients,
      ReencryptionCheck check)
      throws IOException {
    IndexRoot next = store.root().withRecipients(recipients);
    requireRecipients(store.root(), next);
    check.underLock(store);
    // The index first: it is the commit point, and recovery rewrites .gpg-id from it.
    StoreIndex.Staged staged = store.session().index().stage(transaction, next);
    stageGpgId(transaction, next);
    store.run(transaction, staged);
  }

  /** Rejects a change after which nothing could be encrypted, before anything is written. */
  private void requireRecipients(IndexRoot before, IndexRoot next) throws IOException {
    for (Recipient recipient : next.recipients()) {
      if (!before.recipients().contains(recipient)) {
        continue; // Checked when it was read.
      }
      String fingerprint = recipient.fingerprint();
      try {
        certificate(recipient).requireUsable(trust.now());
      } catch (PgpFailure e) {
        throw StoreFailure.of(
            Kind.DISABLED,
            "nothing can be encrypted to recipient "
                + fingerprint
                + ", so nothing was changed: "
                + e.text(),
            fingerprint.equals(trust.ownFingerprint())
                ? "Bring gpg.key-file up to date first"
                : "Or remove that recipient: secrets recipients remove " + fingerprint);
      }
    }
  }
}
