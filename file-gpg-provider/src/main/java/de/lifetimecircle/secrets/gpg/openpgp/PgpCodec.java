package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openpgp.PGPPublicKey;

/**
 * Encrypts, decrypts, signs and verifies; the one door to the OpenPGP library.
 *
 * <p>All methods are thread-safe and work in memory; only an identity in a gpg-agent makes them
 * block. Time is an argument, so that a test can choose it. Text literals come back as they were
 * written, without the line-end conversion that gpg does for them.
 */
public final class PgpCodec {

  private PgpCodec() {}

  /** A payload and who signed it: the fingerprint of the trusted certificate's primary key. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this module.
  public record Verified(byte[] payload, String signerFingerprint) {

    @Override
    public String toString() {
      return "Verified[payload redacted, signerFingerprint=" + signerFingerprint + "]";
    }
  }

  /** Encrypts for all recipients, or fails: no recipient is left out because of its key. */
  public static byte[] encrypt(byte[] plaintext, List<PgpCertificate> recipients, Instant now)
      throws PgpFailure {
    if (recipients.isEmpty()) {
      throw new PgpFailure(
          Reason.UNUSABLE_RECIPIENT, "Cannot encrypt: there is no recipient. Name at least one.");
    }
    Map<String, PGPPublicKey> keys = new LinkedHashMap<>();
    for (PgpCertificate recipient : recipients) {
      keys.put(recipient.fingerprint(), recipient.encryptionKey(now));
    }
    return PgpEncryption.encrypt(plaintext, keys.values(), now);
  }

  /** Decrypts; returns plaintext only after the integrity check of the whole message. */
  public static byte[] decrypt(byte[] message, PgpIdentity identity) throws PgpFailure {
    return PgpDecryption.decrypt(message, identity.decryptionKeys());
  }

  /** Makes an inline-signed message: binary, uncompressed, readable by {@code gpg -d}. */
  public static byte[] sign(byte[] payload, PgpIdentity signer, Instant now) throws PgpFailure {
    PgpSigningKey key = requireSignable(payload, signer, now);
    PgpSignatures.Made made = PgpSignatures.sign(payload, key, now);
    byte[] literal = PgpContent.literalPacket(payload, now);
    ByteArrayOutputStream message = new ByteArrayOutputStream(literal.length + 512);
    message.writeBytes(made.onePass());
    message.writeBytes(literal);
    message.writeBytes(made.encoded());
    Arrays.fill(literal, (byte) 0);
    return message.toByteArray();
  }

  /** Returns the payload, if one of the trusted certificates signed it. */
  public static Verified verify(byte[] signedMessage, Collection<PgpCertificate> trusted)
      throws PgpFailure {
    if (signedMessage.length > PgpMessage.MAX_BYTES) {
      throw PgpContent.tooLarge();
    }
    byte[] binary = PgpArmor.MESSAGE.decode(signedMessage, Reason.NOT_A_MESSAGE);
    PgpContent content = PgpContent.parse(binary);
    String signer = PgpSignatures.verify(content.literal(), content.signatures(), trusted);
    return new Verified(content.literal(), signer);
  }

  /** Makes a detached signature, as for {@code .gpg-id.sig}. */
  public static byte[] signDetached(byte[] payload, PgpIdentity signer, Instant now)
      throws PgpFailure {
    PgpSigningKey key = requireSignable(payload, signer, now);
    return PgpSignatures.sign(payload, key, now).encoded();
  }

  /** Returns the fingerprint of the trusted certificate that signed the payload. */
  public static String verifyDetached(
      byte[] payload, byte[] signature, Collection<PgpCertificate> trusted) throws PgpFailure {
    return PgpSignatures.verify(payload, PgpSignatures.ofDetached(signature), trusted);
  }

  /** Returns the key ids that a message names, in its order; 0 for a hidden recipient. */
  public static List<Long> recipientKeyIds(byte[] message) throws PgpFailure {
    return PgpMessage.parse(message).recipients().stream().map(PgpMessage::keyId).toList();
  }

  private static PgpSigningKey requireSignable(byte[] payload, PgpIdentity signer, Instant now)
      throws PgpFailure {
    if (payload.length > PgpContent.MAX_BYTES) {
      throw PgpContent.tooLarge();
    }
    return signer.signingKey(now);
  }
}
