package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits OpenPGP data into its packets, without interpreting them.
 *
 * <p>Everything is checked against this list before the library sees a byte: which packets there
 * are, in which order, and that they end exactly where the data ends. So truncation, appended data
 * and unexpected packets are noticed by one small loop rather than by a streaming parser.
 */
public final class PgpPackets {

  static final int PUBLIC_KEY_SESSION = 1;
  static final int SIGNATURE = 2;
  static final int PASSWORD_SESSION = 3;
  static final int ONE_PASS_SIGNATURE = 4;
  static final int SECRET_KEY = 5;
  static final int PUBLIC_KEY = 6;
  static final int SECRET_SUBKEY = 7;
  static final int COMPRESSED = 8;
  static final int ENCRYPTED = 9;
  static final int LITERAL = 11;
  static final int TRUST = 12;
  static final int USER_ID = 13;
  static final int PUBLIC_SUBKEY = 14;
  static final int USER_ATTRIBUTE = 17;
  static final int ENCRYPTED_WITH_MDC = 18;
  static final int ENCRYPTED_AEAD = 20;
  static final int PADDING = 21;

  /** More packets than any message of ours has; bounds the work for crafted input. */
  private static final int MAX_PACKETS = 4096;

  private final byte[] data;
  private int at;

  private PgpPackets(byte[] data) {
    this.data = data;
  }

  /** One packet: its tag and its body, lengths already resolved. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this module.
  public record Packet(int tag, byte[] body) {

    /** Returns the packet in the new format with one definite length. */
    byte[] encoded() {
      ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 6);
      out.write(0xC0 | tag);
      if (body.length < 192) {
        out.write(body.length);
      } else {
        out.write(0xff);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(body.length).array());
      }
      out.writeBytes(body);
      return out.toByteArray();
    }

    /** Returns the octet at the index, or -1 when the body is shorter. */
    int octet(int index) {
      return index < body.length ? body[index] & 0xff : -1;
    }

    void wipe() {
      Arrays.fill(body, (byte) 0);
    }

    @Override
    public String toString() {
      return "Packet[tag=" + tag + "]";
    }
  }

  /** Splits the data; the packets must fill it exactly. */
  static List<Packet> split(byte[] data) {
    PgpPackets reader = new PgpPackets(data);
    List<Packet> packets = new ArrayList<>();
    while (reader.at < data.length) {
      if (packets.size() == MAX_PACKETS) {
        throw new PgpFailure(
            PgpFailure.Reason.TOO_LARGE,
            "read OpenPGP data",
            "more than " + MAX_PACKETS + " packets");
      }
      packets.add(reader.next());
    }
    return packets;
  }

  private Packet next() {
    int header = octet();
    if ((header & 0x80) == 0) {
      throw damaged();
    }
    if ((header & 0x40) != 0) {
      return new Packet(header & 0x3f, newFormatBody());
    }
    return new Packet((header >> 2) & 0x0f, oldFormatBody(header & 0x03));
  }

  private byte[] oldFormatBody(int lengthType) {
    return switch (lengthType) {
      case 0 -> take(octet());
      case 1 -> take(number(2));
      case 2 -> take(number(4));
      // Indeterminate: until the end. gpg writes its compressed packets so.
      default -> take(data.length - at);
    };
  }

  private byte[] newFormatBody() {
    int first = octet();
    if (!isPartial(first)) {
      return take(definiteLength(first));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (isPartial(first)) {
      body.writeBytes(take(1L << (first & 0x1f)));
      first = octet();
    }
    body.writeBytes(take(definiteLength(first)));
    return body.toByteArray();
  }

  private static boolean isPartial(int first) {
    return first >= 224 && first < 255;
  }

  private long definiteLength(int first) {
    if (first < 192) {
      return first;
    }
    return first == 255 ? number(4) : ((first - 192) << 8) + octet() + 192;
  }

  private long number(int octets) {
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value = (value << 8) | octet();
    }
    return value;
  }

  private int octet() {
    if (at >= data.length) {
      throw damaged();
    }
    return data[at++] & 0xff;
  }

  private byte[] take(long length) {
    if (length > data.length - at) {
      throw damaged();
    }
    byte[] body = Arrays.copyOfRange(data, at, at + (int) length);
    at += (int) length;
    return body;
  }

  private static PgpFailure damaged() {
    return new PgpFailure(
        PgpFailure.Reason.DAMAGED,
        "read OpenPGP data",
        "its packets do not end where the data ends; it is truncated or changed");
  }
}
