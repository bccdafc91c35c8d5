package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/**
 * Writes one form only, which every gpg since 2.2 reads: AES-256, SEIPD version 1, binary.
 *
 * <p>Uncompressed, because compressing a secret next to known text would let its length speak; and
 * not signed inside, because gpg exits with 2, and pass prints nothing, where the reader does not
 * have the signer's key.
 */
final class PgpEncryption {

  private static final SecureRandom RANDOM = new SecureRandom();

  private PgpEncryption() {}

  static byte[] encrypt(byte[] plaintext, Collection<PGPPublicKey> recipients, Instant now)
      throws PgpFailure {
    if (plaintext.length > PgpContent.MAX_BYTES) {
      throw new PgpFailure(
          PgpFailure.Reason.TOO_LARGE,
          "Cannot encrypt: the value is larger than " + PgpContent.MAX_BYTES + " bytes.");
    }
    byte[] literal = PgpContent.literalPacket(plaintext, now);
    try {
      return PgpGuard.call(
          PgpFailure.Reason.UNUSABLE_RECIPIENT,
          "Cannot encrypt: a recipient's key is malformed",
          () -> {
            PGPEncryptedDataGenerator generator =
                new PGPEncryptedDataGenerator(
                    new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256)
                        .setWithIntegrityPacket(true)
                        .setSecureRandom(RANDOM));
            for (PGPPublicKey recipient : recipients) {
              generator.addMethod(
                  new BcPublicKeyKeyEncryptionMethodGenerator(recipient).setSecureRandom(RANDOM));
            }
            ByteArrayOutputStream message = new ByteArrayOutputStream(literal.length + 1024);
            try (OutputStream encrypted = generator.open(message, literal.length)) {
              encrypted.write(literal);
            }
            return message.toByteArray();
          });
    } finally {
      Arrays.fill(literal, (byte) 0);
    }
  }
}
