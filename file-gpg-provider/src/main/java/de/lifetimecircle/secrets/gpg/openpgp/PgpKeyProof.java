package de.lifetimecircle.secrets.gpg.openpgp;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * Proves that a secret key belongs to its public key, by using both.
 *
 * <p>A key file whose public part was changed by someone else can reveal its secret with the first
 * signature (the public part is not protected by the passphrase); a mistaken one would write
 * secrets that nobody reads. For a key in the agent this is also where the passphrase is tried.
 */
final class PgpKeyProof {

  private static final SecureRandom RANDOM = new SecureRandom();

  private PgpKeyProof() {}

  static void requireDecrypts(PgpDecryptionKey key) throws PgpFailure {
    byte[] challenge = challenge();
    byte[] message = PgpEncryption.encrypt(challenge, List.of(key.publicKey()), Instant.EPOCH);
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

  static void requireSigns(PgpSigningKey key) throws PgpFailure {
    byte[] challenge = challenge();
    byte[] encoded = PgpSignatures.sign(challenge, key, Instant.EPOCH).encoded();
    boolean fits =
        PgpGuard.call(
            PgpFailure.Reason.BAD_KEY_FILE,
            "Cannot use secret key: its public part is malformed",
            () -> {
              PGPSignature signature = PgpSignatures.parse(encoded);
              signature.init(new BcPGPContentVerifierBuilderProvider(), key.publicKey());
              signature.update(challenge);
              return signature.verify();
            });
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
        "Cannot use secret key "
            + PgpCertificate.hex(fingerprint)
            + ": its secret and public parts do not belong together. Export it again.");
  }
}
