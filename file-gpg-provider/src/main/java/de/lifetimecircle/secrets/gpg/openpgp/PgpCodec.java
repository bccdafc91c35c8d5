package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.bouncycastle.util.Arrays;

/**
 * Encrypts, decrypts, signs and verifies; the one door to the OpenPGP library.
 *
 * <p>All methods are thread-safe and work in memory; only an identity in a gpg-agent makes them
 * block. Time is an argument, so that a test can choose it. Text literals come back as they were
 * written, without the line-end conversion that gpg does for them.
 */
public final class PgpCodec {

  private static final SecureRandom RANDOM = new SecureRandom();

  private PgpCodec() {}

  /** Encrypts for all recipients, or fails: no recipient is left out because of its key. */
  public static byte[] encrypt(byte[] plaintext, List<PgpCertificate> recipients, Instant now) {
    if (recipients.isEmpty()) {
      throw new PgpFailure(
          Reason.UNUSABLE_RECIPIENT, "encrypt", "there is no recipient", "Name at least one");
    }
    Map<String, PGPPublicKey> keys = new LinkedHashMap<>();
    for (PgpCertificate recipient : recipients) {
      keys.put(recipient.fingerprint(), recipient.encryptionKey(now));
    }
    return encryptTo(plaintext, keys.values(), now);
  }

  /**
   * Writes one form only, which every gpg since 2.2 reads: AES-256, SEIPD version 1, binary.
   * Uncompressed, because compression would leak information through the length; and without a
   * signature inside, because gpg exits with 2, and pass prints nothing, for a reader who does not
   * have the signer's key.
   */
  static byte[] encryptTo(byte[] plaintext, Collection<PGPPublicKey> recipients, Instant now) {
    if (plaintext.length > PgpContent.MAX_BYTES) {
      throw new PgpFailure(
          Reason.TOO_LARGE,
          "encrypt",
          "the value is larger than " + PgpContent.MAX_BYTES + " bytes");
    }
    byte[] literal = PgpContent.literalPacket(plaintext, now);
    try {
      return BouncyCastleErrors.call(
          Reason.UNUSABLE_RECIPIENT,
          "encrypt",
          "a recipient's key is malformed",
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

  /** Decrypts; returns plaintext only after the integrity check of the whole message. */
  public static byte[] decrypt(byte[] message, PgpIdentity identity) {
    try {
      return PgpDecryption.decrypt(message, identity.decryptionKeys());
    } catch (PgpFailure e) {
      if (e.reason() == Reason.DAMAGED) {
        identity.prove(); // else a wrong key file would look like a damaged message
      }
      throw e;
    }
  }

  /** Makes an inline-signed message: binary, uncompressed, readable by {@code gpg -d}. */
  public static byte[] sign(byte[] payload, PgpIdentity signer, Instant now) {
    PgpSigningKey key = requireSignable(payload, signer, now);
    PgpSignatures.Made made = PgpSignatures.sign(payload, key, now);
    byte[] literal = PgpContent.literalPacket(payload, now);
    byte[] message = Arrays.concatenate(made.onePass(), literal, made.encoded());
    Arrays.fill(literal, (byte) 0);
    return message;
  }

  /** Returns the payload, if one of the trusted certificates signed it. */
  public static byte[] verify(byte[] signedMessage, Collection<PgpCertificate> trusted) {
    if (signedMessage.length > PgpMessage.MAX_BYTES) {
      throw PgpContent.tooLarge();
    }
    byte[] binary = PgpArmor.MESSAGE.decode(signedMessage, Reason.NOT_A_MESSAGE);
    PgpContent content = PgpContent.parse(binary);
    PgpSignatures.verify(content.literal(), content.signatures(), trusted);
    return content.literal();
  }

  /** Makes a detached signature, as for {@code .gpg-id.sig}. */
  public static byte[] signDetached(byte[] payload, PgpIdentity signer, Instant now) {
    PgpSigningKey key = requireSignable(payload, signer, now);
    return PgpSignatures.sign(payload, key, now).encoded();
  }

  /** Returns the fingerprint of the trusted certificate that signed the payload. */
  public static String verifyDetached(
      byte[] payload, byte[] signature, Collection<PgpCertificate> trusted) {
    return PgpSignatures.verify(payload, PgpSignatures.ofDetached(signature), trusted);
  }

  private static PgpSigningKey requireSignable(byte[] payload, PgpIdentity signer, Instant now) {
    if (payload.length > PgpContent.MAX_BYTES) {
      throw PgpContent.tooLarge();
    }
    PgpSigningKey key = signer.signingKey(now);
    signer.prove();
    return key;
  }
}
