package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Verdict;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A private key of ours: it decrypts, and may sign.
 *
 * <p>Unlocked once, when made: a passphrase costs 70-300 ms, a decryption 0.1-3 ms. So a wrong
 * passphrase or a dead agent is a failure of the start and not of the first secret. The keys of a
 * file prove themselves before the first change ({@link #prove}).
 *
 * <p>Thread-safe. With a key file no call blocks; with an agent every decryption and signature is a
 * round trip over a local socket.
 */
public final class PgpIdentity implements AutoCloseable {

  /** The state that close forgets; one object, so that a reader sees all of it or none. */
  private record Keys(
      List<PgpDecryptionKey> decryption, List<PgpSigningKey> signing, Runnable onClose) {

    Keys {
      decryption = List.copyOf(decryption);
      signing = List.copyOf(signing);
    }

    @Override
    public String toString() {
      return "Keys[redacted]";
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private volatile PgpCertificate certificate;
  private volatile @Nullable Keys keys;

  /** Whether the keys have passed {@link #prove}. */
  private volatile boolean isProved;

  private PgpIdentity(PgpCertificate certificate, Keys keys) {
    this.certificate = certificate;
    this.keys = keys;
  }

  /**
   * Proves once, before the first change of a store and before the first signature, that each
   * secret key belongs to its public key, by using both. A key file whose public part was changed
   * by another person can reveal its secret with the first signature (the public part is not
   * protected by the passphrase); a mistaken one would write secrets that no key opens. A process
   * that only reads needs no proof, which would take 100 ms of its start.
   *
   * @throws PgpFailure {@code BAD_KEY_FILE} if one does not
   */
  public void prove() {
    if (!isProved) {
      open().decryption().forEach(PgpIdentity::requireDecrypts);
      open().signing().forEach(PgpIdentity::requireSigns);
      isProved = true;
    }
  }

  private static void requireDecrypts(PgpDecryptionKey key) {
    byte[] challenge = challenge();
    byte[] message = PgpCodec.encryptTo(challenge, List.of(key.publicKey()), Instant.EPOCH);
    byte[] answer;
    try {
      answer = PgpDecryption.decrypt(message, List.of(key));
    } catch (PgpFailure e) {
      if (e.reason() == PgpFailure.Reason.DAMAGED) {
        throw mismatch(key.publicKey().getFingerprint());
      }
      throw e;
    }
    if (!Arrays.equals(challenge, answer)) {
      throw mismatch(key.publicKey().getFingerprint());
    }
  }

  private static void requireSigns(PgpSigningKey key) {
    byte[] challenge = challenge();
    byte[] encoded = PgpSignatures.sign(challenge, key, Instant.EPOCH).encoded();
    boolean fits =
        BouncyCastleErrors.call(
            PgpFailure.Reason.BAD_KEY_FILE,
            "use secret key",
            "its public part is malformed",
            () -> PgpSignatures.fits(challenge, PgpSignatures.parse(encoded), key.publicKey()));
    if (!fits) {
      throw mismatch(key.publicKey().getFingerprint());
    }
  }

  private static byte[] challenge() {
    byte[] challenge = new byte[16];
    RANDOM.nextBytes(challenge);
    return challenge;
  }

  private static PgpFailure mismatch(byte[] fingerprint) {
    return new PgpFailure(
        PgpFailure.Reason.BAD_KEY_FILE,
        "use secret key " + PgpCertificate.hex(fingerprint),
        "its secret and public parts do not belong together",
        "Export it again");
  }

  /**
   * Reads a key file: a full export, or one of subkeys only. The passphrase array stays unchanged.
   */
  public static PgpIdentity fromKeyFile(byte[] keyFile, char @Nullable [] passphrase) {
    PgpKeyFile file = PgpKeyFile.read(keyFile, passphrase);
    Keys keys = new Keys(file.decryptionKeys(), file.signingKeys(), () -> {});
    return new PgpIdentity(file.certificate(), keys);
  }

  /**
   * Makes an identity of keys that another program holds, as a gpg-agent does, and proves them at
   * once: that is also where the passphrase is tried.
   *
   * @param onClose runs once, when the identity is closed; not if this method fails
   */
  public static PgpIdentity ofHeldKeys(
      PgpCertificate certificate,
      List<PgpDecryptionKey> decryption,
      List<PgpSigningKey> signing,
      Runnable onClose) {
    PgpIdentity identity = new PgpIdentity(certificate, new Keys(decryption, signing, onClose));
    identity.prove();
    return identity;
  }

  /** Returns our certificate, with everything learned since the start. */
  public PgpCertificate certificate() {
    return certificate;
  }

  /** Adds what only the other copy of our certificate says: an extension, a revocation. */
  public synchronized void learn(PgpCertificate copy) {
    if (copy.isNewsFor(certificate)) {
      certificate = certificate.joinedWith(copy);
    }
  }

  /** Returns whether there is a secret signing key; its validity is checked when it signs. */
  public boolean canSign() {
    return !open().signing().isEmpty();
  }

  List<PgpDecryptionKey> decryptionKeys() {
    return open().decryption();
  }

  /** Returns the newest of our keys that may sign at the given time. */
  public PgpSigningKey signingKey(Instant now) {
    List<PgpSigningKey> held = open().signing();
    if (held.isEmpty()) {
      throw new PgpFailure(
          PgpFailure.Reason.NO_SECRET_KEY,
          "sign with " + certificate.fingerprint(),
          "there is no secret signing key",
          "Export one that includes a signing key");
    }
    for (PGPPublicKey valid : certificate.signingKeys(now)) {
      for (PgpSigningKey key : held) {
        if (Arrays.equals(valid.getFingerprint(), key.publicKey().getFingerprint())) {
          return key;
        }
      }
    }
    throw notNow(held.get(0).publicKey(), now);
  }

  /**
   * Fails if a value that is encrypted to our certificate now could not be opened here, because the
   * secret part of its newest encryption key is elsewhere: on a card, or in a newer key file.
   */
  public void requireOpensNew(Instant now) {
    Optional<String> newest = certificate.validEncryptionKey(now).map(PgpCertificate::hex);
    boolean missing =
        newest.isPresent()
            && open().decryption().stream()
                .noneMatch(key -> PgpCertificate.hex(key.publicKey()).equals(newest.get()));
    if (missing) {
      throw new PgpFailure(
          PgpFailure.Reason.NO_SECRET_KEY,
          "write with " + certificate.fingerprint(),
          "the secret part of its newest encryption key "
              + newest.get()
              + " is not here, so we could not read what we write",
          "Export the key with that part, and restart this process");
    }
  }

  private PgpFailure notNow(PGPPublicKey key, Instant now) {
    Verdict verdict = certificate.mayHaveSigned(key, now);
    return new PgpFailure(
        switch (verdict.status()) {
          case EXPIRED -> PgpFailure.Reason.EXPIRED_KEY;
          case EARLY -> PgpFailure.Reason.EARLY_KEY;
          default -> PgpFailure.Reason.UNUSABLE_SIGNER;
        },
        "sign with " + certificate.fingerprint(),
        "the key " + PgpCertificate.hex(key) + " " + verdict.why());
  }

  /**
   * Forgets the keys. The library holds them in immutable objects, so the memory is not overwritten
   * here but left to the garbage collector; the passphrase for an agent is overwritten.
   */
  @Override
  public void close() {
    Keys held = keys;
    keys = null;
    if (held != null) {
      held.onClose().run();
    }
  }

  /**
   * The key was closed while, or before, it was used. It is no {@code StoreFailure}, so that work
   * which goes on after the failure of one secret ends here.
   */
  public static final class Closed extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private Closed(String message) {
      super(message);
    }
  }

  private Keys open() {
    Keys held = keys;
    if (held == null) {
      throw new Closed("Cannot use key " + certificate.fingerprint() + ": it is closed.");
    }
    return held;
  }

  @Override
  public String toString() {
    return "PgpIdentity[" + certificate.fingerprint() + "]";
  }
}
