package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every flipped bit and every truncation must be a {@link PgpFailure}, never another value. */
class PgpTamperTest {

  private static final byte[] SECRET = "correct horse battery staple".getBytes(UTF_8);

  private static int flips;
  private static int truncations;
  private static int wrong;

  private static PgpIdentity reader;

  /** What is done with the changed bytes; gives back a value or fails. */
  @FunctionalInterface
  private interface Reading {
    byte[] read(byte[] changed) throws PgpFailure;
  }

  @BeforeAll
  static void generate() throws PgpFailure {
    reader = TestKeys.identity("reader@example.org");
  }

  @AfterAll
  static void report() {
    System.out.println(
        String.format(
            Locale.ROOT,
            "tamper: %d flips, %d truncations, %d wrong plaintexts",
            flips,
            truncations,
            wrong));
  }

  @Test
  void ourOwnForm() throws PgpFailure {
    PgpCertificate to = reader.certificate();
    tamper(PgpCodec.encrypt(SECRET, List.of(to), NOW), m -> PgpCodec.decrypt(m, reader));
  }

  @Test
  void ocb() throws PgpFailure {
    byte[] literal = TestMessages.literal(SECRET);
    tamper(TestMessages.ocb(literal, reader.certificate()), m -> PgpCodec.decrypt(m, reader));
  }

  @Test
  void version2() throws PgpFailure {
    byte[] literal = TestMessages.literal(SECRET);
    byte[] message = TestMessages.version2(AEADAlgorithmTags.OCB, literal, reader.certificate());
    tamper(message, m -> PgpCodec.decrypt(m, reader));
  }

  @Test
  void severalChunks() throws PgpFailure {
    byte[] large = new byte[3000];
    Arrays.fill(large, (byte) 'x');
    byte[] literal = TestMessages.literal(large);
    byte[] message = TestMessages.ocb(literal, reader.certificate());
    for (int length = 0; length < message.length; length++) {
      truncations++;
      assertRejected(Arrays.copyOf(message, length), m -> PgpCodec.decrypt(m, reader));
      // Cut, and the packet lengths made to fit again, as someone who knows the format would.
      if (length > 200) {
        List<PgpPackets.Packet> packets = PgpPackets.split(message);
        byte[] body = packets.get(1).body();
        byte[] cut = Arrays.copyOf(body, body.length - (message.length - length));
        byte[] refitted =
            TestMessages.join(
                packets.get(0).encoded(),
                new PgpPackets.Packet(PacketTags.AEAD_ENC_DATA, cut).encoded());
        truncations++;
        assertRejected(refitted, m -> PgpCodec.decrypt(m, reader));
      }
    }
  }

  @Test
  void refittedTruncationOfOurOwnForm() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(reader.certificate()), NOW);
    List<PgpPackets.Packet> packets = PgpPackets.split(message);
    byte[] body = packets.get(1).body();
    for (int length = 0; length < body.length; length++) {
      byte[] refitted =
          TestMessages.join(
              packets.get(0).encoded(),
              new PgpPackets.Packet(PacketTags.SYM_ENC_INTEGRITY_PRO, Arrays.copyOf(body, length))
                  .encoded());
      truncations++;
      assertRejected(refitted, m -> PgpCodec.decrypt(m, reader));
    }
  }

  @Test
  void writtenByGpg24() throws PgpFailure {
    byte[] message =
        PgpArmor.MESSAGE.decode(TestKeys.writtenByGpg24(), PgpFailure.Reason.NOT_A_MESSAGE);
    try (PgpIdentity fixture = PgpIdentity.fromKeyFile(TestKeys.throwAwayKeyFile(), null)) {
      tamper(message, m -> PgpCodec.decrypt(m, fixture));
    }
  }

  @Test
  void armor() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(reader.certificate()), NOW);
    byte[] armored = PgpArmor.MESSAGE.encode(message);
    // The last octet is the line feed after the end line: without it nothing is missing.
    for (int length = 0; length < armored.length - 1; length++) {
      truncations++;
      assertRejected(Arrays.copyOf(armored, length), m -> PgpCodec.decrypt(m, reader));
    }
  }

  @Test
  void signed() throws PgpFailure {
    List<PgpCertificate> trusted = List.of(reader.certificate());
    byte[] signed = PgpCodec.sign(SECRET, reader, NOW);
    flipWithoutWrongValue(signed, m -> PgpCodec.verify(m, trusted));
    truncate(signed, m -> PgpCodec.verify(m, trusted));
  }

  @Test
  void signedDetached() throws PgpFailure {
    List<PgpCertificate> trusted = List.of(reader.certificate());
    byte[] signature = PgpCodec.signDetached(SECRET, reader, NOW);
    truncate(signature, m -> verified(SECRET, m, trusted));
    for (int i = 0; i < SECRET.length; i++) {
      byte[] changed = SECRET.clone();
      changed[i] ^= 1;
      flips++;
      assertRejected(changed, m -> verified(m, signature, trusted));
    }
  }

  private static byte[] verified(byte[] data, byte[] signature, List<PgpCertificate> trusted)
      throws PgpFailure {
    return PgpCodec.verifyDetached(data, signature, trusted).getBytes(UTF_8);
  }

  private static void tamper(byte[] message, Reading reading) throws PgpFailure {
    assertThat(reading.read(message.clone())).isNotEmpty();
    for (int i = 0; i < message.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = message.clone();
        changed[i] ^= (byte) (1 << bit);
        flips++;
        assertRejected(changed, reading);
      }
      byte[] inverted = message.clone();
      inverted[i] ^= (byte) 0xff;
      flips++;
      assertRejected(inverted, reading);
    }
    truncate(message, reading);
  }

  private static void truncate(byte[] message, Reading reading) {
    for (int length = 0; length < message.length; length++) {
      truncations++;
      assertRejected(Arrays.copyOf(message, length), reading);
    }
  }

  /** Bytes outside the signature (a date, a name, unhashed notes) may change; the value may not. */
  private static void flipWithoutWrongValue(byte[] message, Reading reading) {
    for (int i = 0; i < message.length * 8; i++) {
      byte[] changed = message.clone();
      changed[i / 8] ^= (byte) (1 << (i % 8));
      flips++;
      try {
        byte[] value = reading.read(changed);
        wrong += Arrays.equals(value, SECRET) ? 0 : 1;
        assertThat(value).isEqualTo(SECRET);
      } catch (PgpFailure e) {
        assertThat(e.getMessage()).doesNotContain("horse");
      }
    }
  }

  private static void assertRejected(byte[] changed, Reading reading) {
    try {
      byte[] value = reading.read(changed);
      wrong++;
      throw new AssertionError("accepted a changed message, value of " + value.length + " bytes");
    } catch (PgpFailure e) {
      assertThat(e.getMessage()).doesNotContain("horse");
    }
  }
}
