package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpKeyFileTest {

  private static final byte[] SECRET = "s3cret".getBytes(UTF_8);

  /** Version, time, algorithm, curve (1 + 9) and point (2 + 33) of an Ed25519 key. */
  private static final int PUBLIC_PART = 51;

  private static GpgHome gpg;
  private static byte[] keyFile;

  @BeforeAll
  static void generate() throws PgpFailure {
    gpg = new GpgHome();
    keyFile = PgpKeyGenerator.generate("a <a@example.org>", null, NOW);
  }

  @AfterAll
  static void close() {
    gpg.close();
  }

  private static void assertBad(Reason reason, byte[] file) {
    assertFails(reason, () -> PgpIdentity.fromKeyFile(file, "x".toCharArray()));
  }

  @Test
  void lockedKey() throws PgpFailure {
    char[] passphrase = "correct p\u00e4ss".toCharArray();
    byte[] locked = PgpKeyGenerator.generate("a@example.org", passphrase, NOW);
    assertThat(passphrase).as("the caller's array").isEqualTo("correct p\u00e4ss".toCharArray());
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(locked, passphrase)) {
      assertThat(identity.canSign()).isTrue();
    }
    assertThat(passphrase).as("the caller's array").isEqualTo("correct p\u00e4ss".toCharArray());
    PgpFailure wrong =
        assertFails(
            Reason.WRONG_PASSPHRASE,
            () -> PgpIdentity.fromKeyFile(locked, "hunter2".toCharArray()));
    assertThat(wrong).hasMessageNotContaining("hunter2");
    assertFails(Reason.WRONG_PASSPHRASE, () -> PgpIdentity.fromKeyFile(locked, null));
    assertFails(Reason.WRONG_PASSPHRASE, () -> PgpIdentity.fromKeyFile(locked, new char[0]));
  }

  @Test
  void aPassphraseForAnUnprotectedKeyIsIgnored() throws PgpFailure {
    assertThat(PgpIdentity.fromKeyFile(keyFile, "x".toCharArray()).canSign()).isTrue();
  }

  @Test
  void newKeyIsWhatGpgReads() throws PgpFailure {
    List<Packet> packets = PgpPackets.split(keyFile);
    assertThat(packets.stream().map(Packet::tag)).containsExactly(5, 13, 2, 7, 2);
    assertThat(packets.get(0).octet(0)).as("version").isEqualTo(4);
    assertThat(packets.get(0).octet(5)).as("EdDSA, legacy").isEqualTo(22);
    assertThat(packets.get(3).octet(5)).as("ECDH").isEqualTo(18);
    byte[] locked = PgpKeyGenerator.generate("a@example.org", "x".toCharArray(), NOW);
    Packet primary = PgpPackets.split(locked).get(0);
    assertThat(primary.octet(PUBLIC_PART)).as("S2K usage: SHA-1").isEqualTo(254);
    assertThat(primary.octet(PUBLIC_PART + 1)).as("AES-256").isEqualTo(9);
    assertThat(primary.octet(PUBLIC_PART + 2)).as("iterated").isEqualTo(3);
    assertThat(primary.octet(PUBLIC_PART + 12)).as("count").isEqualTo(0xff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb", "tab\t"})
  void userIdMustBePrintable(String userId) {
    assertThatThrownBy(() -> PgpKeyGenerator.generate(userId, null, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("userId: ");
  }

  @Test
  void subkeyOnlyExportDecryptsAndDoesNotSign() throws PgpFailure {
    String fingerprint = gpg.generateCurve("subkeys@example.org", "pw");
    byte[] export = subkeysOf(fingerprint, "pw");
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(export, "pw".toCharArray())) {
      assertThat(identity.certificate().fingerprint()).isEqualTo(fingerprint);
      assertThat(identity.canSign()).isFalse();
      byte[] message = gpg.gpg(SECRET, "-r", fingerprint, "-e").orFail().out();
      assertThat(PgpCodec.decrypt(message, identity)).isEqualTo(SECRET);
      assertFails(Reason.NO_SECRET_KEY, () -> PgpCodec.sign(SECRET, identity, Instant.now()));
    }
  }

  @Test
  void subkeyOnlyExportWithSigningSubkeySigns() throws PgpFailure {
    String fingerprint = gpg.generateCurve("signing@example.org", "");
    gpg.addSigningSubkey(fingerprint);
    PgpCertificate certificate = PgpCertificate.parse(gpg.exportPublic(fingerprint));
    byte[] export = subkeysOf(fingerprint, "");
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(export, null)) {
      assertThat(identity.canSign()).isTrue();
      byte[] signed = PgpCodec.sign(SECRET, identity, Instant.now());
      byte[] detached = PgpCodec.signDetached(SECRET, identity, Instant.now());
      assertThat(PgpCodec.verifyDetached(SECRET, detached, List.of(certificate)))
          .as("the primary key's fingerprint")
          .isEqualTo(fingerprint);
      assertThat(gpg.gpg(signed, "--status-fd", "1", "--verify").orFail().text())
          .containsPattern("VALIDSIG [0-9A-F]{40} .* " + fingerprint);
    }
  }

  @Test
  void notAPrivateKey() throws PgpFailure {
    PgpCertificate certificate = PgpIdentity.fromKeyFile(keyFile, null).certificate();
    assertBad(Reason.BAD_KEY_FILE, certificate.encoded());
    assertBad(Reason.BAD_KEY_FILE, certificate.armored());
    assertBad(Reason.BAD_KEY_FILE, new byte[0]);
    assertBad(Reason.BAD_KEY_FILE, "-----BEGIN RSA PRIVATE KEY-----".getBytes(UTF_8));
    assertBad(Reason.TOO_LARGE, new byte[PgpCertificate.MAX_BYTES + 1]);
    assertBad(Reason.BAD_KEY_FILE, TestMessages.literal(SECRET));
  }

  @Test
  void exactlyOneKey() throws PgpFailure {
    byte[] other = PgpKeyGenerator.generate("b@example.org", null, NOW);
    assertBad(Reason.BAD_KEY_FILE, TestMessages.join(keyFile, other));
  }

  @Test
  void noKeyThatDecrypts() throws PgpFailure {
    List<Packet> packets = PgpPackets.split(keyFile);
    byte[] primaryOnly = joined(packets.subList(0, 3));
    assertBad(Reason.BAD_KEY_FILE, primaryOnly);
  }

  @Test
  void tooManySubkeys() throws PgpFailure {
    byte[] subkey = joined(PgpPackets.split(keyFile).subList(3, 5));
    byte[][] parts = new byte[41][];
    Arrays.fill(parts, subkey);
    parts[0] = keyFile;
    assertBad(Reason.BAD_KEY_FILE, TestMessages.join(parts));
  }

  /** Argon2 with 2 TiB of memory; a simple S2K; the 16-bit checksum; no such S2K. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "FE 09 04 00112233445566778899AABBCCDDEEFF FF FF 1F",
        "FE 09 00 08",
        "FE 09 01 08 0011223344556677",
        "FF 09 03 08 0011223344556677 FF",
        "09",
        "FE 02 03 08 0011223344556677 FF",
        "FD 09 02 04 00112233445566778899AABBCCDDEEFF FF FF 1F",
        "FE 09 63 08"
      })
  void protectionThatGpgDoesNotWrite(String protection) throws PgpFailure {
    List<Packet> packets = PgpPackets.split(keyFile);
    byte[] publicPart = Arrays.copyOf(packets.get(0).body(), PUBLIC_PART);
    byte[] asked = HexFormat.of().parseHex(protection.replace(" ", ""));
    byte[] body = TestMessages.join(publicPart, asked, new byte[80]);
    byte[] file =
        TestMessages.join(
            new Packet(PacketTags.SECRET_KEY, body).encoded(),
            joined(packets.subList(1, packets.size())));
    assertBad(Reason.BAD_KEY_FILE, file);
  }

  @Test
  void protectionWithAnOldCipher() throws Exception {
    PGPSecretKeyRing ring = new PGPSecretKeyRing(keyFile, new BcKeyFingerprintCalculator());
    byte[] tripleDes =
        PGPSecretKeyRing.copyWithNewPassword(
                ring,
                null,
                new BcPBESecretKeyEncryptorBuilder(
                        2, new BcPGPDigestCalculatorProvider().get(8), 0x60)
                    .build("x".toCharArray()))
            .getEncoded();
    assertBad(Reason.BAD_KEY_FILE, tripleDes);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void secretPartOfSomeoneElseIsRefusedBeforeTheFirstSignature(boolean ofSubkey) throws PgpFailure {
    byte[] mixed = TestKeys.withForeignSecret(keyFile, ofSubkey);
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(mixed, null)) {
      assertFails(Reason.BAD_KEY_FILE, () -> PgpCodec.sign(SECRET, identity, NOW));
      assertFails(Reason.BAD_KEY_FILE, () -> PgpCodec.signDetached(SECRET, identity, NOW));
    }
  }

  @Test
  void changedOrTruncatedFileIsRefusedOrStillTheSameKey() throws PgpFailure {
    PgpCertificate certificate = PgpIdentity.fromKeyFile(keyFile, null).certificate();
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), NOW);
    for (int i = 0; i < keyFile.length; i++) {
      byte[] changed = keyFile.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      assertRefusedOrReads(changed, message);
      assertRefusedOrReads(Arrays.copyOf(keyFile, i), message);
    }
  }

  private static void assertRefusedOrReads(byte[] file, byte[] message) {
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(file, null)) {
      assertThat(PgpCodec.decrypt(message, identity)).isEqualTo(SECRET);
    } catch (PgpFailure e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  private static byte[] subkeysOf(String fingerprint, String passphrase) {
    return gpg.gpg(
            new byte[0],
            "--passphrase",
            passphrase,
            "--armor",
            "--export-secret-subkeys",
            fingerprint)
        .orFail()
        .out();
  }

  private static byte[] joined(List<Packet> packets) {
    return TestMessages.join(packets.stream().map(Packet::encoded).toArray(byte[][]::new));
  }
}
