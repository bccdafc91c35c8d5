package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.gpgagent.AgentKeys;
import de.lifetimecircle.secrets.gpg.gpgagent.GpgAgent;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Status;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A private key of ours: it decrypts, and may sign.
 *
 * <p>Unlocked once, when made: a passphrase costs 70-300 ms, a decryption 0.1-3 ms. Each key proves
 * itself then, so a wrong passphrase, a key file with a foreign public part or a dead agent is a
 * failure of the start and not of the first secret.
 *
 * <p>Thread-safe. With a key file no call blocks; with an agent every decryption and signature is a
 * round trip over a local socket.
 */
public final class PgpIdentity implements AutoCloseable {

  /** What is forgotten on close; one object, so that a reader sees all of it or none. */
  private record Keys(
      List<PgpDecryptionKey> decryption, List<PgpSigningKey> signing, Runnable onClose) {

    @Override
    public String toString() {
      return "Keys[redacted]";
    }
  }

  private volatile PgpCertificate certificate;
  private volatile @Nullable Keys keys;

  private PgpIdentity(PgpCertificate certificate, Keys keys) throws PgpFailure {
    for (PgpDecryptionKey key : keys.decryption()) {
      PgpKeyProof.requireDecrypts(key);
    }
    for (PgpSigningKey key : keys.signing()) {
      PgpKeyProof.requireSigns(key);
    }
    this.certificate = certificate;
    this.keys = keys;
  }

  /**
   * Reads a key file: a full export, or one of subkeys only. The passphrase array stays unchanged.
   */
  public static PgpIdentity fromKeyFile(byte[] keyFile, char @Nullable [] passphrase)
      throws PgpFailure {
    PgpKeyFile file = PgpKeyFile.read(keyFile, passphrase);
    return new PgpIdentity(
        file.certificate(),
        new Keys(List.copyOf(file.decryptionKeys()), List.copyOf(file.signingKeys()), () -> {}));
  }

  /**
   * Uses the keys of the certificate that a gpg-agent holds. With a passphrase, a copy of it is
   * kept until close, because the agent forgets after its own time and asks again; without one, the
   * agent must hold the keys unprotected or have the passphrase cached. Even with a warm cache, the
   * agent unlocks a protected key anew for each operation, which costs 100-250 ms.
   */
  public static PgpIdentity fromAgent(
      PgpCertificate certificate, Path agentSocket, char @Nullable [] passphrase)
      throws PgpFailure {
    GpgAgent agent = new GpgAgent(agentSocket, passphrase);
    try {
      AgentKeys held = AgentKeys.of(agent, certificate);
      return new PgpIdentity(
          certificate, new Keys(held.decryptionKeys(), held.signingKeys(), agent::close));
    } catch (PgpFailure | RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /** All that is known of our certificate now. */
  public PgpCertificate certificate() {
    return certificate;
  }

  /** Takes over what another copy of our certificate says more: an extension, a revocation. */
  public synchronized void learn(PgpCertificate copy) throws PgpFailure {
    if (copy.isNewsFor(certificate)) {
      certificate = certificate.joinedWith(copy);
    }
  }

  /** True if there is a secret signing key; whether it is valid now is asked when it signs. */
  public boolean canSign() {
    return !open().signing().isEmpty();
  }

  List<PgpDecryptionKey> decryptionKeys() {
    return open().decryption();
  }

  /** The newest of our keys that may sign at the given time. */
  public PgpSigningKey signingKey(Instant now) throws PgpFailure {
    List<PgpSigningKey> held = open().signing();
    if (held.isEmpty()) {
      throw new PgpFailure(
          PgpFailure.Reason.NO_SECRET_KEY,
          "Cannot sign with "
              + certificate.fingerprint()
              + ": there is no secret signing key. Export one that includes a signing key.");
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

  private PgpFailure notNow(PGPPublicKey key, Instant now) throws PgpFailure {
    Verdict verdict = certificate.mayHaveSigned(key, now);
    return new PgpFailure(
        verdict.status() == Status.EXPIRED
            ? PgpFailure.Reason.EXPIRED_KEY
            : PgpFailure.Reason.UNUSABLE_SIGNER,
        "Cannot sign with "
            + certificate.fingerprint()
            + ": the key "
            + PgpCertificate.hex(key)
            + " "
            + verdict.why()
            + ".");
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

  /** The key was closed while, or before, it was used. */
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
