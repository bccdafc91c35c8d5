package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.openpgp.PGPCompressedData;

/**
 * The content of a decrypted message: one literal and the signatures around it.
 *
 * <p>Compression is unwrapped in a loop with a limit on depth and size, so neither a bomb nor a
 * tower of packets costs more than a fixed amount.
 */
@SuppressWarnings("ArrayRecordComponent")
public // Never compared; the array stays in this package.
record PgpContent(byte[] literal, List<byte[]> signatures) {

  /** The largest value after decompression: a secret is small. */
  public static final int MAX_BYTES = 1024 * 1024;

  /** gpg nests one level; more is not a file that gpg or we wrote. */
  private static final int MAX_NESTING = 3;

  private static final int LITERAL_DATE = 4;

  /** Reads the packets of a decrypted or signed message. The caller wipes what it passed in. */
  public static PgpContent parse(byte[] data) {
    List<Packet> packets = splitWithoutPadding(data);
    for (int depth = 0; isCompressed(packets); depth++) {
      if (depth == MAX_NESTING) {
        throw new PgpFailure(
            PgpFailure.Reason.TOO_LARGE,
            "read OpenPGP data",
            "compressed more than " + MAX_NESTING + " times");
      }
      byte[] inner = decompress(packets.get(0));
      packets.get(0).wipe();
      packets = splitWithoutPadding(inner);
      Arrays.fill(inner, (byte) 0);
    }
    return collect(packets);
  }

  /** Returns a literal packet: binary, no file name, the date. */
  public static byte[] literalPacket(byte[] payload, Instant now) {
    ByteBuffer body =
        ByteBuffer.allocate(2 + LITERAL_DATE + payload.length)
            .put(new byte[] {'b', 0})
            .putInt((int) now.getEpochSecond())
            .put(payload);
    Packet packet = new Packet(PacketTags.LITERAL_DATA, body.array());
    byte[] encoded = packet.encoded();
    packet.wipe();
    return encoded;
  }

  /** Reads to the end, at most the limit; one octet more is TOO_LARGE. */
  static byte[] readAll(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream kept = new WipingBuffer();
    byte[] chunk = new byte[8192];
    try (kept) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (kept.size() + n > limit) {
          throw tooLarge();
        }
        kept.write(chunk, 0, n);
      }
      return kept.toByteArray();
    } finally {
      Arrays.fill(chunk, (byte) 0);
    }
  }

  static PgpFailure tooLarge() {
    return new PgpFailure(
        PgpFailure.Reason.TOO_LARGE,
        "read OpenPGP data",
        "the value is larger than " + MAX_BYTES + " bytes");
  }

  private static List<Packet> splitWithoutPadding(byte[] data) {
    List<Packet> packets = PgpPackets.split(data);
    packets.removeIf(packet -> packet.tag() == PacketTags.PADDING);
    return packets;
  }

  private static boolean isCompressed(List<Packet> packets) {
    return packets.size() == 1 && packets.get(0).tag() == PacketTags.COMPRESSED_DATA;
  }

  private static byte[] decompress(Packet packet) {
    return BouncyCastleErrors.call(
        PgpFailure.Reason.DAMAGED,
        "decompress OpenPGP data",
        "it is damaged",
        () -> {
          InputStream encoded = new ByteArrayInputStream(packet.encoded());
          try (InputStream in = new PGPCompressedData(encoded).getDataStream()) {
            // The framing around the literal is a few octets; the value itself is checked below.
            return readAll(in, MAX_BYTES + 64 * 1024);
          }
        });
  }

  private static PgpContent collect(List<Packet> packets) {
    byte[] literal = null;
    List<byte[]> signatures = new ArrayList<>();
    for (Packet packet : packets) {
      switch (packet.tag()) {
        case PacketTags.LITERAL_DATA -> {
          if (literal != null) {
            throw unexpected("more than one literal");
          }
          literal = literalData(packet);
        }
        case PacketTags.SIGNATURE -> signatures.add(packet.encoded());
        case PacketTags.ONE_PASS_SIGNATURE -> {
          // Only announces a signature, which is read by itself.
        }
        default -> throw unexpected("packet type " + packet.tag());
      }
      packet.wipe();
    }
    if (literal == null) {
      throw unexpected("no literal");
    }
    return new PgpContent(literal, signatures);
  }

  private static byte[] literalData(Packet packet) {
    int format = packet.octet(0);
    int start = 2 + packet.octet(1) + LITERAL_DATE;
    if ((format != 'b' && format != 't' && format != 'u') || packet.body().length < start) {
      throw unexpected("a malformed literal");
    }
    if (packet.body().length - start > MAX_BYTES) {
      throw tooLarge();
    }
    return Arrays.copyOfRange(packet.body(), start, packet.body().length);
  }

  private static PgpFailure unexpected(String what) {
    return new PgpFailure(
        PgpFailure.Reason.NOT_A_MESSAGE,
        "read OpenPGP message",
        "it holds " + what + " (expected: one literal)");
  }

  @Override
  public String toString() {
    return "PgpContent[redacted]";
  }
}
