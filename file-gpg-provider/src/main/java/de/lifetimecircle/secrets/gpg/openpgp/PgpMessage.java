package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.util.Arrays;

/**
 * The outer shape of an encrypted message: session keys for recipients, then one encrypted packet.
 *
 * <p>Everything else is refused here, by name: plain and signed messages, packets without an
 * integrity check, messages that a password opens, and data after the end.
 */
public record PgpMessage(List<Packet> recipients, Packet encrypted) {

  /** The largest message: a secret of the largest size, and room for recipients and armor. */
  public static final int MAX_BYTES = 2 * 1024 * 1024;

  /** Hidden recipients are tried with every key of ours, so their number bounds the work. */
  private static final int MAX_RECIPIENTS = 64;

  private static final int KEY_ID_AT = 1;
  private static final int KEY_ID_LENGTH = 8;

  static PgpMessage parse(byte[] message) {
    if (message.length > MAX_BYTES) {
      throw new PgpFailure(
          PgpFailure.Reason.TOO_LARGE,
          "decrypt",
          "the message is larger than " + MAX_BYTES + " bytes");
    }
    byte[] binary = PgpArmor.MESSAGE.decode(message, PgpFailure.Reason.NOT_A_MESSAGE);
    List<Packet> packets = PgpPackets.split(binary);
    if (packets.isEmpty()) { // armor around nothing
      throw refused("it is empty");
    }
    List<Packet> recipients = new ArrayList<>();
    for (Packet packet : packets.subList(0, packets.size() - 1)) {
      recipients.add(requireRecipient(packet));
    }
    Packet last = requireEncrypted(packets.get(packets.size() - 1));
    if (recipients.isEmpty()) {
      throw refused("it names no recipient");
    }
    if (recipients.size() > MAX_RECIPIENTS) {
      throw new PgpFailure(
          PgpFailure.Reason.TOO_LARGE, "decrypt", "more than " + MAX_RECIPIENTS + " recipients");
    }
    return new PgpMessage(recipients, last);
  }

  /** Returns whether the session key may be for this key: named, or hidden and of the same kind. */
  static boolean isFor(Packet recipient, PGPPublicKey key) {
    if (algorithm(recipient) != key.getAlgorithm()) {
      return false;
    }
    if (isHidden(recipient)) {
      return true;
    }
    return isVersion3(recipient)
        ? keyId(recipient) == key.getKeyID()
        : Arrays.areEqual(fingerprint(recipient), key.getFingerprint());
  }

  static boolean isHidden(Packet recipient) {
    return isVersion3(recipient) ? keyId(recipient) == 0 : recipient.octet(1) == 0;
  }

  static long keyId(Packet version3) {
    return ByteBuffer.wrap(version3.body()).getLong(KEY_ID_AT);
  }

  /** Returns the session key packet of one recipient and the encrypted packet, as one message. */
  byte[] onlyFor(Packet recipient) {
    return Arrays.concatenate(recipient.encoded(), encrypted.encoded());
  }

  private static boolean isVersion3(Packet recipient) {
    return recipient.octet(0) == 3;
  }

  static int algorithm(Packet recipient) {
    return recipient.octet(algorithmAt(recipient));
  }

  /** Where the algorithm stands; the encrypted session key follows it. */
  static int algorithmAt(Packet recipient) {
    return isVersion3(recipient) ? KEY_ID_AT + KEY_ID_LENGTH : 2 + recipient.octet(1);
  }

  /** Version 6 session keys name a fingerprint: its length and the key version come first. */
  private static byte[] fingerprint(Packet recipient) {
    int length = recipient.octet(1);
    return length < 1 ? new byte[0] : Arrays.copyOfRange(recipient.body(), 3, 2 + length);
  }

  private static Packet requireRecipient(Packet packet) {
    if (packet.tag() == PacketTags.SYMMETRIC_KEY_ENC_SESSION) {
      throw byPassword();
    }
    if (packet.tag() != PacketTags.PUBLIC_KEY_ENC_SESSION) {
      throw isContent(packet.tag())
          ? notEncrypted()
          : refused("packet type " + packet.tag() + " among the recipients");
    }
    int version = packet.octet(0);
    int minimum = version == 3 ? KEY_ID_AT + KEY_ID_LENGTH + 1 : 3 + Math.max(packet.octet(1), 0);
    if ((version != 3 && version != 6) || packet.body().length < minimum) {
      throw damaged("a recipient is malformed");
    }
    if (version == 6 && packet.octet(1) > 0 && !isForKnownKey(packet)) {
      throw damaged("a recipient has a key version that is unknown");
    }
    return packet;
  }

  /**
   * Returns whether the packet names a key of a known version with the right length: a fingerprint
   * has 20 octets in version 4 and 32 in version 6, and the length counts the version as well.
   */
  private static boolean isForKnownKey(Packet recipient) {
    int length = recipient.octet(1);
    int keyVersion = recipient.octet(2);
    return (keyVersion == 4 && length == 21) || (keyVersion == 6 && length == 33);
  }

  private static Packet requireEncrypted(Packet packet) {
    int version = packet.octet(0);
    switch (packet.tag()) {
      case PacketTags.SYM_ENC_INTEGRITY_PRO, PacketTags.AEAD_ENC_DATA -> {
        boolean second = version == 2 && packet.tag() == PacketTags.SYM_ENC_INTEGRITY_PRO;
        if (version != 1 && !second) {
          throw damaged("the encrypted packet has an unknown version");
        }
        return packet;
      }
      case PacketTags.SYMMETRIC_KEY_ENC ->
          throw new PgpFailure(
              PgpFailure.Reason.NO_INTEGRITY_PROTECTION,
              "decrypt",
              "the message has no integrity protection",
              "Encrypt it again with a current gpg");
      case PacketTags.SYMMETRIC_KEY_ENC_SESSION -> throw byPassword();
      default ->
          throw isContent(packet.tag())
              ? notEncrypted()
              : refused("it ends with packet type " + packet.tag());
    }
  }

  private static boolean isContent(int tag) {
    return tag == PacketTags.LITERAL_DATA
        || tag == PacketTags.COMPRESSED_DATA
        || tag == PacketTags.SIGNATURE
        || tag == PacketTags.ONE_PASS_SIGNATURE;
  }

  private static PgpFailure notEncrypted() {
    return new PgpFailure(
        PgpFailure.Reason.NOT_ENCRYPTED,
        "decrypt",
        "the message is not encrypted",
        "A secret must never be stored so: replace it");
  }

  private static PgpFailure byPassword() {
    return new PgpFailure(
        PgpFailure.Reason.WRONG_KEY,
        "decrypt",
        "the message can be opened with a password",
        "Encrypt it for keys only");
  }

  private static PgpFailure refused(String why) {
    return new PgpFailure(
        PgpFailure.Reason.NOT_A_MESSAGE, "decrypt", "not an encrypted message: " + why);
  }

  private static PgpFailure damaged(String why) {
    return new PgpFailure(PgpFailure.Reason.DAMAGED, "decrypt", why);
  }
}
