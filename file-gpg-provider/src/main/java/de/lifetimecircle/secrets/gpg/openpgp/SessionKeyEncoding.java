package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;

/**
 * Requires the one exact spelling of the number in a session key packet.
 *
 * <p>That packet is outside the integrity check, and two of its parts can be changed without
 * changing what it means: the count of bits before the number, which the library rounds up to
 * octets, and the highest bit of a Curve25519 point, which the computation ignores. A file must not
 * change its bytes, and so its hash, and still be accepted.
 */
final class SessionKeyEncoding {

  private static final int CURVE25519_BITS = 263;
  private static final int CURVE25519_LENGTH = 33;
  private static final int NATIVE_POINT = 0x40;

  private SessionKeyEncoding() {}

  static void require(Packet recipient) {
    int at = PgpMessage.algorithmAt(recipient) + 1;
    int high = recipient.octet(at);
    int low = recipient.octet(at + 1);
    int first = recipient.octet(at + 2);
    if (high < 0 || low < 0 || first <= 0) {
      throw malformed();
    }
    int bits = (high << 8) | low;
    int bitsOfFirst = (bits + 7) % 8 + 1;
    if (Integer.SIZE - Integer.numberOfLeadingZeros(first) != bitsOfFirst) {
      throw malformed();
    }
    boolean curve25519 =
        PgpMessage.algorithm(recipient) == PublicKeyAlgorithmTags.ECDH
            && bits == CURVE25519_BITS
            && first == NATIVE_POINT;
    if (curve25519 && recipient.octet(at + 1 + CURVE25519_LENGTH) > 0x7f) {
      throw malformed();
    }
  }

  private static PgpFailure malformed() {
    return new PgpFailure(PgpFailure.Reason.DAMAGED, "decrypt", "a session key is malformed");
  }
}
