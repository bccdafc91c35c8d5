package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPSessionKey;
import org.bouncycastle.openpgp.PGPSessionKeyEncryptedData;
import org.bouncycastle.openpgp.operator.bc.BcSessionKeyDataDecryptorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads an encrypted message: SEIPD version 1 and 2, and gpg's OCB form (tag 20).
 *
 * <p>Plaintext leaves {@link #plaintext} only after the whole message was read and its integrity
 * check has passed. {@link PgpMessage} has refused every other shape before the library sees it.
 * Buffers of ours are overwritten; the library's copy of the session key cannot be reached.
 */
final class PgpDecryption {

  private PgpDecryption() {}

  static byte[] decrypt(byte[] message, List<PgpDecryptionKey> keys) {
    PgpMessage parsed = PgpMessage.parse(message);
    PgpFailure failure = null;
    for (Packet recipient : parsed.recipients()) {
      for (PgpDecryptionKey key : keys) {
        if (!PgpMessage.isFor(recipient, key.publicKey())) {
          continue;
        }
        try {
          SessionKeyEncoding.require(recipient);
          return decrypt(parsed, recipient, key);
        } catch (PgpFailure e) {
          failure = moreTelling(failure, e);
        }
      }
    }
    throw failure != null
        ? failure
        : new PgpFailure(
            Reason.WRONG_KEY,
            "decrypt",
            "no key of ours is among the recipients",
            "Encrypt it again for our key, or configure the key it was encrypted for");
  }

  /** Prefers a fault of the host over a fault of the file, and otherwise keeps the first one. */
  private static PgpFailure moreTelling(@Nullable PgpFailure before, PgpFailure now) {
    boolean ofHost = now.reason() == Reason.AGENT || now.reason() == Reason.WRONG_PASSPHRASE;
    boolean empty = before == null || before.reason() == Reason.WRONG_KEY;
    return before == null || ofHost || empty ? now : before;
  }

  private static byte[] decrypt(PgpMessage message, Packet recipient, PgpDecryptionKey key) {
    // A hidden recipient may be another person, so a session key that does not open is no damage.
    boolean hidden = PgpMessage.isHidden(recipient);
    PGPEncryptedDataList single =
        BouncyCastleErrors.call(
            Reason.DAMAGED,
            "decrypt",
            "the message is malformed",
            () -> new PGPEncryptedDataList(message.onlyFor(recipient)));
    PGPSessionKey session =
        BouncyCastleErrors.call(
            hidden ? Reason.WRONG_KEY : Reason.DAMAGED,
            "decrypt",
            "the session key does not open with our key",
            () -> sessionKeyPacket(single).getSessionKey(key.decryptors().get()));
    requireAes(session);
    byte[] plaintext = plaintext(single, session, message.encrypted());
    try {
      return PgpContent.parse(plaintext).literal();
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private static byte[] plaintext(
      PGPEncryptedDataList single, PGPSessionKey session, Packet encrypted) {
    return BouncyCastleErrors.call(
        Reason.DAMAGED,
        "decrypt",
        "the message is damaged or was changed",
        () -> {
          PGPSessionKeyEncryptedData data = single.extractSessionKeyEncryptedData();
          byte[] read;
          try (InputStream in = data.getDataStream(new BcSessionKeyDataDecryptorFactory(session))) {
            read = PgpContent.readAll(in, PgpMessage.MAX_BYTES);
          }
          boolean checked = false;
          try {
            checked = isIntact(data, encrypted);
          } finally {
            if (!checked) {
              Arrays.fill(read, (byte) 0);
            }
          }
          if (!checked) {
            throw new PgpFailure(
                Reason.DAMAGED, "decrypt", "the integrity check failed; it was changed");
          }
          return read;
        });
  }

  /**
   * SEIPD version 1 has a hash to compare; the AEAD forms have verified each chunk as they read.
   */
  private static boolean isIntact(PGPSessionKeyEncryptedData data, Packet encrypted)
      throws PGPException, IOException {
    boolean withHash =
        encrypted.tag() == PacketTags.SYM_ENC_INTEGRITY_PRO && encrypted.octet(0) == 1;
    return !withHash || data.verify();
  }

  private static PGPPublicKeyEncryptedData sessionKeyPacket(PGPEncryptedDataList list)
      throws PGPException {
    if (list.size() == 1 && list.get(0) instanceof PGPPublicKeyEncryptedData data) {
      return data;
    }
    throw new PGPException("no session key for a public key");
  }

  private static void requireAes(PGPSessionKey session) {
    byte[] key = session.getKey();
    int expected = keyLength(session.getAlgorithm());
    boolean fits = key.length == expected;
    Arrays.fill(key, (byte) 0);
    if (expected == 0) {
      throw new PgpFailure(
          Reason.WEAK_CIPHER,
          "decrypt",
          "the cipher is not AES",
          "Encrypt it again with a current gpg");
    }
    if (!fits) {
      throw new PgpFailure(Reason.DAMAGED, "decrypt", "the session key has a wrong length");
    }
  }

  /** Returns whether a cipher is accepted: AES, and nothing with a 64-bit block. */
  static boolean isAes(int algorithm) {
    return keyLength(algorithm) > 0;
  }

  /** Returns the key length in octets, or 0 for a cipher that is not accepted. */
  private static int keyLength(int algorithm) {
    return switch (algorithm) {
      case SymmetricKeyAlgorithmTags.AES_128 -> 16;
      case SymmetricKeyAlgorithmTags.AES_192 -> 24;
      case SymmetricKeyAlgorithmTags.AES_256 -> 32;
      default -> 0;
    };
  }
}
