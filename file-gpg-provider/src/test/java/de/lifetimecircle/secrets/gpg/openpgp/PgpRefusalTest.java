package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that must never be taken for a secret, whoever put them there. */
class PgpRefusalTest {

  private static final byte[] SECRET = "do not print me".getBytes(UTF_8);
  private static final byte[] LITERAL = TestMessages.literal(SECRET);

  private static PgpIdentity reader;
  private static PgpCertificate certificate;

  @BeforeAll
  static void generate() throws PgpFailure {
    reader = TestKeys.identity("reader@example.org");
    certificate = reader.certificate();
  }

  private static void assertRefused(Reason reason, byte[] message) {
    PgpFailure failure = assertFails(reason, () -> PgpCodec.decrypt(message, reader));
    assertThat(failure).hasMessageNotContaining("print me");
  }

  @Test
  void noIntegrityProtection() throws PgpFailure {
    byte[] message = TestMessages.withoutIntegrity(LITERAL, certificate);
    assertThat(TestMessages.tags(message)).endsWith(PacketTags.SYMMETRIC_KEY_ENC);
    assertRefused(Reason.NO_INTEGRITY_PROTECTION, message);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({"1,IDEA", "2,3DES", "3,CAST5", "4,Blowfish", "10,Twofish", "11,Camellia"})
  void cipherOtherThanAes(int cipher, String name) {
    assertRefused(Reason.WEAK_CIPHER, TestMessages.withCipher(cipher, LITERAL, certificate));
  }

  @Test
  void notEncrypted() throws PgpFailure {
    assertRefused(Reason.NOT_ENCRYPTED, LITERAL);
    assertRefused(Reason.NOT_ENCRYPTED, TestMessages.compressed(1, LITERAL));
    assertRefused(Reason.NOT_ENCRYPTED, PgpCodec.sign(SECRET, reader, NOW));
    assertRefused(Reason.NOT_ENCRYPTED, PgpCodec.signDetached(SECRET, reader, NOW));
    assertRefused(Reason.NOT_ENCRYPTED, PgpArmor.MESSAGE.encode(LITERAL));
  }

  @Test
  void openToAPassword() {
    assertRefused(Reason.WRONG_KEY, TestMessages.withPassword(LITERAL, "x"));
    assertRefused(Reason.WRONG_KEY, TestMessages.withPasswordToo(LITERAL, certificate, "x"));
  }

  @Test
  void emptyAndForeign() {
    assertRefused(Reason.NOT_A_MESSAGE, new byte[0]);
    assertRefused(Reason.NOT_A_MESSAGE, "DB_PASSWORD=hunter2".getBytes(UTF_8));
    assertRefused(Reason.NOT_A_MESSAGE, "\n\n".getBytes(UTF_8));
    assertRefused(Reason.NOT_A_MESSAGE, PgpArmor.MESSAGE.encode(new byte[0]));
    assertRefused(Reason.NOT_A_MESSAGE, certificate.armored());
    assertRefused(Reason.NOT_A_MESSAGE, certificate.encoded());
  }

  @Test
  void somethingBeforeBetweenOrAfter() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), NOW);
    assertRefused(Reason.NOT_ENCRYPTED, TestMessages.join(LITERAL, message));
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.join(message, LITERAL));
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.join(message, message));
    assertRefused(Reason.DAMAGED, TestMessages.join(message, new byte[] {0}));
    byte[] userId = new PgpPackets.Packet(PacketTags.USER_ID, SECRET).encoded();
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.join(userId, message));
  }

  @Test
  void encryptedDataWithoutRecipient() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), NOW);
    assertRefused(Reason.NOT_A_MESSAGE, PgpPackets.split(message).get(1).encoded());
  }

  @Test
  void tooManyRecipients() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), NOW);
    byte[] hidden = PgpPackets.split(message).get(0).encoded();
    Arrays.fill(hidden, 3, 11, (byte) 0);
    byte[][] parts = new byte[1001][];
    Arrays.fill(parts, hidden);
    parts[1000] = message;
    assertRefused(Reason.TOO_LARGE, TestMessages.join(parts));
  }

  @Test
  void largerThanAnyMessage() {
    byte[] message = new byte[PgpMessage.MAX_BYTES + 1];
    Arrays.fill(message, (byte) 0xC1);
    assertRefused(Reason.TOO_LARGE, message);
    assertFails(Reason.TOO_LARGE, () -> PgpCodec.verify(message, List.of(certificate)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        CompressionAlgorithmTags.ZIP,
        CompressionAlgorithmTags.ZLIB,
        CompressionAlgorithmTags.BZIP2
      })
  void decompressionBomb(int algorithm) {
    byte[] bomb =
        TestMessages.compressed(algorithm, TestMessages.literal(new byte[8 * 1024 * 1024]));
    assertThat(bomb.length).isLessThan(PgpContent.MAX_BYTES);
    assertRefused(Reason.TOO_LARGE, TestMessages.sealed(bomb, certificate));
  }

  @Test
  void oneByteMoreThanAllowedAfterDecompression() throws PgpFailure {
    byte[] fits = TestMessages.compressed(1, TestMessages.literal(new byte[PgpContent.MAX_BYTES]));
    byte[] sealed = TestMessages.sealed(fits, certificate);
    assertThat(PgpCodec.decrypt(sealed, reader)).hasSize(PgpContent.MAX_BYTES);
    byte[] more =
        TestMessages.compressed(1, TestMessages.literal(new byte[PgpContent.MAX_BYTES + 1]));
    assertRefused(Reason.TOO_LARGE, TestMessages.sealed(more, certificate));
  }

  @Test
  void towerOfCompressedPackets() {
    byte[] tower = LITERAL;
    for (int i = 0; i < 5000; i++) {
      tower = new PgpPackets.Packet(PacketTags.COMPRESSED_DATA, prepend(0, tower)).encoded();
    }
    assertRefused(Reason.TOO_LARGE, TestMessages.sealed(tower, certificate));
  }

  @Test
  void floodOfPackets() {
    byte[] flood = new byte[200_000];
    Arrays.fill(flood, (byte) 0xD5);
    for (int i = 1; i < flood.length; i += 2) {
      flood[i] = 0;
    }
    assertRefused(Reason.TOO_LARGE, TestMessages.sealed(flood, certificate));
    assertRefused(Reason.TOO_LARGE, flood);
  }

  @Test
  void oddContent() {
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.sealed(new byte[0], certificate));
    assertRefused(
        Reason.NOT_A_MESSAGE,
        TestMessages.sealed(TestMessages.join(LITERAL, LITERAL), certificate));
    byte[] nested = TestMessages.sealed(LITERAL, certificate);
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.sealed(nested, certificate));
    byte[] badLiteral =
        new PgpPackets.Packet(PacketTags.LITERAL_DATA, new byte[] {'b', 9}).encoded();
    assertRefused(Reason.NOT_A_MESSAGE, TestMessages.sealed(badLiteral, certificate));
    byte[] unknownCompression =
        new PgpPackets.Packet(PacketTags.COMPRESSED_DATA, prepend(77, LITERAL)).encoded();
    assertRefused(Reason.DAMAGED, TestMessages.sealed(unknownCompression, certificate));
  }

  @Test
  void algorithmAndLengthOfTheSessionKeyMustAgree() throws PgpFailure {
    byte[] ocb = TestMessages.ocb(LITERAL, certificate);
    List<PgpPackets.Packet> packets = PgpPackets.split(ocb);
    packets.get(1).body()[1] = 7;
    assertRefused(
        Reason.DAMAGED, TestMessages.join(packets.get(0).encoded(), packets.get(1).encoded()));
  }

  @Test
  void junkNeverEscapesAsAnotherException() {
    SplittableRandom random = new SplittableRandom(20260301);
    for (int i = 0; i < 20_000; i++) {
      byte[] junk = new byte[1 + random.nextInt(60)];
      random.nextBytes(junk);
      junk[0] = (byte) new int[] {0x84, 0x85, 0xC1, 0xD2, 0xD4, 0xCB}[random.nextInt(6)];
      assertThat(catchThrowable(() -> PgpCodec.decrypt(junk, reader)))
          .isInstanceOf(PgpFailure.class);
    }
  }

  private static byte[] prepend(int first, byte[] rest) {
    return TestMessages.join(new byte[] {(byte) first}, rest);
  }
}
