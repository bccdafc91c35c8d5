package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
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

  /** More packets than any message of ours has; bounds the work for crafted input. */
  private static final int MAX_PACKETS = 4096;

  private PgpPackets() {}

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
    ByteBuffer in = ByteBuffer.wrap(data);
    List<Packet> packets = new ArrayList<>();
    while (in.hasRemaining()) {
      if (packets.size() == MAX_PACKETS) {
        throw new PgpFailure(
            PgpFailure.Reason.TOO_LARGE,
            "read OpenPGP data",
            "more than " + MAX_PACKETS + " packets");
      }
      try {
        packets.add(next(in));
      } catch (BufferUnderflowException e) {
        throw damaged();
      }
    }
    return packets;
  }

  private static Packet next(ByteBuffer in) {
    int header = octet(in);
    if ((header & 0x80) == 0) {
      throw damaged();
    }
    if ((header & 0x40) != 0) {
      return new Packet(header & 0x3f, newFormatBody(in));
    }
    return new Packet((header >> 2) & 0x0f, oldFormatBody(in, header & 0x03));
  }

  private static byte[] oldFormatBody(ByteBuffer in, int lengthType) {
    return switch (lengthType) {
      case 0 -> take(in, octet(in));
      case 1 -> take(in, Short.toUnsignedInt(in.getShort()));
      case 2 -> take(in, Integer.toUnsignedLong(in.getInt()));
      // Indeterminate: until the end. gpg writes its compressed packets so.
      default -> take(in, in.remaining());
    };
  }

  private static byte[] newFormatBody(ByteBuffer in) {
    int first = octet(in);
    if (!isPartial(first)) {
      return take(in, definiteLength(in, first));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (isPartial(first)) {
      body.writeBytes(take(in, 1L << (first & 0x1f)));
      first = octet(in);
    }
    body.writeBytes(take(in, definiteLength(in, first)));
    return body.toByteArray();
  }

  private static boolean isPartial(int first) {
    return first >= 224 && first < 255;
  }

  private static long definiteLength(ByteBuffer in, int first) {
    if (first < 192) {
      return first;
    }
    return first == 255
        ? Integer.toUnsignedLong(in.getInt())
        : ((first - 192) << 8) + octet(in) + 192;
  }

  private static int octet(ByteBuffer in) {
    return Byte.toUnsignedInt(in.get());
  }

  private static byte[] take(ByteBuffer in, long length) {
    if (length > in.remaining()) {
      throw damaged();
    }
    byte[] body = new byte[(int) length];
    in.get(body);
    return body;
  }

  private static PgpFailure damaged() {
    return new PgpFailure(
        PgpFailure.Reason.DAMAGED,
        "read OpenPGP data",
        "its packets do not end where the data ends; it is truncated or changed");
  }
}
