package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpCertificateTest {

  private static final byte[] SECRET = "s3cret".getBytes(UTF_8);
  private static final Duration DAY = Duration.ofDays(1);

  private static GpgHome gpg;
  private static PgpCertificate certificate;

  @BeforeAll
  static void generate() throws PgpFailure {
    gpg = new GpgHome();
    certificate = TestKeys.identity("Ann <ann@example.org>").certificate();
  }

  @AfterAll
  static void close() {
    gpg.close();
  }

  private static void assertBad(Reason reason, byte[] file) {
    assertFails(reason, () -> PgpCertificate.parse(file));
  }

  @Test
  void parsesWhatItWrites() throws PgpFailure {
    for (byte[] form : List.of(certificate.encoded(), certificate.armored())) {
      PgpCertificate parsed = PgpCertificate.parse(form);
      assertThat(parsed.fingerprint()).isEqualTo(certificate.fingerprint()).matches("[0-9A-F]{40}");
      assertThat(parsed.userIds()).containsExactly("Ann <ann@example.org>");
      assertThat(parsed.encoded()).isEqualTo(certificate.encoded());
      parsed.requireUsable(NOW);
    }
    assertThat(certificate.toString()).contains(certificate.fingerprint());
  }

  @Test
  void gpgImportsTheArmor() {
    GpgHome.Result result = gpg.gpg(certificate.armored(), "--import").orFail();
    assertThat(result.err()).doesNotContainIgnoringCase("crc").doesNotContain("error");
    assertThat(gpg.fingerprint("ann@example.org")).isEqualTo(certificate.fingerprint());
    assertThat(new String(certificate.armored(), UTF_8)).containsPattern("\n=[A-Za-z0-9+/]{4}\n");
  }

  @Test
  void bytesAreCopies() throws PgpFailure {
    Arrays.fill(certificate.encoded(), (byte) 0);
    certificate.requireUsable(NOW);
    assertThat(certificate.encoded()[0]).isNotZero();
  }

  @Test
  void exactlyOneCertificate() throws PgpFailure {
    PgpCertificate other = TestKeys.identity("bob@example.org").certificate();
    assertBad(Reason.BAD_KEY_FILE, TestMessages.join(certificate.encoded(), other.encoded()));
    assertBad(Reason.DAMAGED, TestMessages.join(certificate.armored(), other.armored()));
    assertBad(Reason.BAD_KEY_FILE, new byte[0]);
    assertBad(Reason.BAD_KEY_FILE, "ssh-ed25519 AAAA".getBytes(UTF_8));
    assertBad(Reason.BAD_KEY_FILE, PgpKeyGenerator.generate("x@example.org", null, NOW));
    assertThatThrownBy(
            () -> PgpCertificate.parse(PgpKeyGenerator.generate("x@example.org", null, NOW)))
        .hasMessageContaining("it is a secret key (expected: what 'gpg --export' writes)");
    assertBad(Reason.BAD_KEY_FILE, TestMessages.literal(SECRET));
    assertBad(Reason.TOO_LARGE, new byte[PgpCertificate.MAX_BYTES + 1]);
  }

  @Test
  void versionFourOnly() throws PgpFailure {
    for (int version : new int[] {2, 3, 5, 6}) {
      List<Packet> packets = PgpPackets.split(certificate.encoded());
      packets.get(0).body()[0] = (byte) version;
      assertBad(Reason.BAD_KEY_FILE, joined(packets));
    }
  }

  /** A colleague with a key of version 5 or 6, or an old one, has signed this key. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5, 6})
  void certificationOfAnotherVersionNamesTheExportWithoutIt(int version) throws PgpFailure {
    List<Packet> packets = new ArrayList<>(PgpPackets.split(certificate.encoded()));
    byte[] foreign = packets.get(2).body().clone();
    foreign[0] = (byte) version;
    packets.add(3, new Packet(PacketTags.SIGNATURE, foreign));
    assertThatThrownBy(() -> PgpCertificate.parse(joined(packets)))
        .hasMessageContaining("--export-options export-minimal");
  }

  @Test
  void expires() throws PgpFailure {
    String fingerprint =
        gpg.generate(
            "expires@example.org",
            "",
            "Key-Type: EDDSA",
            "Key-Curve: ed25519",
            "Key-Usage: cert,sign",
            "Subkey-Type: ECDH",
            "Subkey-Curve: cv25519",
            "Subkey-Usage: encrypt",
            "Expire-Date: 2d");
    PgpIdentity identity = PgpIdentity.fromKeyFile(gpg.exportSecret(fingerprint, ""), null);
    List<PgpCertificate> self = List.of(identity.certificate());
    Instant now = Instant.now();
    Instant later = now.plus(Duration.ofDays(3));
    byte[] message = PgpCodec.encrypt(SECRET, self, now);
    byte[] signed = PgpCodec.sign(SECRET, identity, now);
    assertFails(Reason.EXPIRED_KEY, () -> self.get(0).requireUsable(later));
    assertFails(Reason.EXPIRED_KEY, () -> PgpCodec.encrypt(SECRET, self, later));
    assertFails(Reason.EXPIRED_KEY, () -> PgpCodec.sign(SECRET, identity, later));
    assertThat(PgpCodec.decrypt(message, identity)).as("old files stay readable").isEqualTo(SECRET);
    assertThat(PgpCodec.verify(signed, self)).as("old signatures stay valid").isEqualTo(SECRET);
  }

  /** Returns a key whose primary key ends after two days, and its subkey never. */
  private static String endingPrimaryKey(String userId, Instant start) {
    String fingerprint = gpg.generateCurve(userId, "");
    Instant later = GpgHome.nowOrLater(start.plusSeconds(10));
    gpg.gpgAt(later, "--quick-set-expire", fingerprint, "2d").orFail();
    return fingerprint;
  }

  private static PgpCertificate exported(String fingerprint) {
    return PgpCertificate.parse(gpg.exportPublic(fingerprint));
  }

  @Test
  void expiredPrimaryKeyEndsItsSubkeysForGpgToo() {
    Instant start = Instant.now();
    String fingerprint = endingPrimaryKey("primary@example.org", start);
    PgpCertificate ends = exported(fingerprint);
    ends.requireUsable(start.plus(DAY));
    Instant after = start.plus(DAY.multipliedBy(3));
    assertThat(assertFails(Reason.EXPIRED_KEY, () -> ends.requireUsable(after)))
        .hasMessageContaining("gpg --quick-set-expire " + fingerprint + " 2y;");
    String[] encrypt = {"--encrypt", "--recipient", fingerprint};
    assertThat(gpg.gpgAt(start.plus(DAY), encrypt).exit()).isZero();
    assertThat(gpg.gpgAt(after, encrypt).exit()).isNotZero();
  }

  /** To extend the primary key would not help. */
  @Test
  void revokedSubkeyOfAnExpiredPrimaryKeyIsNotOnlyExpired() {
    Instant start = Instant.now();
    String fingerprint = endingPrimaryKey("both@example.org", start);
    gpg.revokeSubkey(fingerprint, 1, 3, start.plus(DAY));
    PgpCertificate both = exported(fingerprint);
    Instant after = start.plus(DAY.multipliedBy(3));
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> both.requireUsable(after));
  }

  /** Its newer subkey ended before the primary key, so the older one was the last. */
  @Test
  void lastKeyIsTheOneThatWasUsedUntilThePrimaryKeyExpired() {
    Instant start = Instant.now();
    String fingerprint = endingPrimaryKey("last@example.org", start);
    gpg.gpgAt(start.plusSeconds(3600), "--quick-add-key", fingerprint, "cv25519", "encr", "1d")
        .orFail();
    List<String> keys = gpg.fingerprints(fingerprint);
    PgpCertificate before = exported(fingerprint);
    Instant extended = start.plus(DAY.multipliedBy(3));
    Instant now = extended.plusSeconds(60);
    gpg.gpgAt(extended, "--quick-set-expire", fingerprint, "2y").orFail();
    PgpCertificate onlyPrimary = exported(fingerprint);
    assertThat(PgpCertificate.hex(onlyPrimary.encryptionKey(now))).isEqualTo(keys.get(1));
    assertThat(onlyPrimary.encryptsLike(before, now)).isTrue();
    gpg.gpgAt(extended, "--quick-set-expire", fingerprint, "2y", keys.get(2)).orFail();
    PgpCertificate both = exported(fingerprint);
    assertThat(PgpCertificate.hex(both.encryptionKey(now))).isEqualTo(keys.get(2));
    assertThat(both.encryptsLike(before, now)).isFalse();
    gpg.revokeSubkey(fingerprint, 2, 3, extended);
    PgpCertificate newerRevoked = exported(fingerprint);
    assertThat(newerRevoked.encryptsLike(before, now)).isTrue();
  }

  @Test
  void revoked() throws Exception {
    String fingerprint = gpg.generateCurve("revoked@example.org", "");
    PgpIdentity identity = PgpIdentity.fromKeyFile(gpg.exportSecret(fingerprint, ""), null);
    Instant now = Instant.now();
    byte[] message = PgpCodec.encrypt(SECRET, List.of(identity.certificate()), now);
    byte[] signed = PgpCodec.sign(SECRET, identity, now);
    gpg.revoke(fingerprint);
    PgpCertificate revoked = PgpCertificate.parse(gpg.exportPublic(fingerprint));
    Instant after = Instant.now().plusSeconds(2);
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> revoked.requireUsable(after));
    assertFails(Reason.REVOKED_SIGNER, () -> PgpCodec.verify(signed, List.of(revoked)));
    PgpIdentity ours = PgpIdentity.fromKeyFile(gpg.exportSecret(fingerprint, ""), null);
    assertThat(PgpCodec.decrypt(message, ours)).isEqualTo(SECRET);
    assertFails(Reason.UNUSABLE_SIGNER, () -> PgpCodec.sign(SECRET, ours, after));
  }

  @Test
  void signOnly() throws PgpFailure {
    String fingerprint =
        gpg.generate(
            "sign@example.org",
            "",
            "Key-Type: EDDSA",
            "Key-Curve: ed25519",
            "Key-Usage: cert,sign");
    PgpCertificate signOnly = PgpCertificate.parse(gpg.exportPublic(fingerprint));
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> signOnly.requireUsable(Instant.now()));
  }

  @Test
  void weakKeysAreNoRecipients() throws PgpFailure {
    String fingerprint =
        gpg.generate(
            "weak@example.org",
            "",
            "Key-Type: EDDSA",
            "Key-Curve: ed25519",
            "Key-Usage: cert,sign",
            "Subkey-Type: RSA",
            "Subkey-Length: 1024",
            "Subkey-Usage: encrypt");
    PgpCertificate weak = PgpCertificate.parse(gpg.exportPublic(fingerprint));
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> weak.requireUsable(Instant.now().plusSeconds(1)));
  }

  @Test
  void newestEncryptionSubkeyIsUsed() throws PgpFailure {
    String fingerprint = gpg.generateCurve("two@example.org", "");
    // By gpg's own clock: the system's may be set back between the two keys.
    Instant later = Instant.now().plusSeconds(3600);
    gpg.gpg(
            new byte[0],
            "--faked-system-time",
            later.getEpochSecond() + "!",
            "--passphrase",
            "",
            "--quick-add-key",
            fingerprint,
            "cv25519",
            "encr")
        .orFail();
    PgpCertificate two = PgpCertificate.parse(gpg.exportPublic(fingerprint));
    List<PGPPublicKey> keys = two.keys();
    assertThat(keys).hasSize(3);
    assertThat(two.encryptionKey(later.plusSeconds(1)).getKeyID())
        .isEqualTo(keys.get(2).getKeyID());
  }

  /**
   * Someone else's subkey, without or with a binding by the wrong key, must not be encrypted to.
   */
  @Test
  void subkeyThatThePrimaryKeyDidNotBind() throws PgpFailure {
    PgpIdentity mallory =
        PgpIdentity.fromKeyFile(
            PgpKeyGenerator.generate("mallory@example.org", null, NOW.plusSeconds(60)), null);
    List<Packet> theirs = PgpPackets.split(mallory.certificate().encoded());
    long ourKey = certificate.encryptionKey(NOW).getKeyID();
    byte[] bare = TestMessages.join(certificate.encoded(), theirs.get(3).encoded());
    byte[] bound = TestMessages.join(bare, theirs.get(4).encoded());
    for (byte[] forged : List.of(bare, bound)) {
      PgpCertificate parsed = PgpCertificate.parse(forged);
      assertThat(parsed.encryptionKey(NOW.plusSeconds(120)).getKeyID()).isEqualTo(ourKey);
    }
    List<Packet> ours = PgpPackets.split(certificate.encoded());
    byte[] onlyForged =
        TestMessages.join(
            joined(ours.subList(0, 3)), theirs.get(3).encoded(), theirs.get(4).encoded());
    PgpCertificate parsed = PgpCertificate.parse(onlyForged);
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> parsed.requireUsable(NOW.plusSeconds(120)));
  }

  @Test
  void changedOrTruncatedBytesNeverEscapeAsAnotherException() {
    byte[] encoded = certificate.encoded();
    for (int i = 0; i < encoded.length; i++) {
      byte[] changed = encoded.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      assertParsesOrFails(changed);
      assertParsesOrFails(Arrays.copyOf(encoded, i));
    }
  }

  private static void assertParsesOrFails(byte[] file) {
    try {
      PgpCertificate parsed = PgpCertificate.parse(file);
      assertThat(parsed.toString()).isNotEmpty();
      assertThat(parsed.userIds()).isNotNull();
      parsed.signingKeys(NOW);
      parsed.requireUsable(NOW);
    } catch (PgpFailure e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  /** It is newer than the key that gpg 2.4 can use, and bound as a key to encrypt to. */
  @Test
  void aSubkeyOfRfc9980IsNoKeyToEncryptTo() throws Exception {
    Instant now = Instant.now();
    PGPKeyPair primary = pairs(now.minus(DAY)).generateLegacyEd25519KeyPair();
    PGPKeyPair usual = pairs(now.minus(DAY)).generateLegacyX25519KeyPair();
    PGPSignatureSubpacketGenerator encrypts = new PGPSignatureSubpacketGenerator();
    encrypts.setKeyFlags(false, KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE);
    PGPKeyRingGenerator ring =
        new PGPKeyRingGenerator(
            PGPSignature.POSITIVE_CERTIFICATION,
            primary,
            "pq@example.org",
            new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
            null,
            null,
            new BcPGPContentSignerBuilder(
                primary.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
            null);
    ring.addSubKey(usual, encrypts.generate(), null);
    ring.addSubKey(
        pairs(now.minusSeconds(60)).generateMLKEM768X25519KeyPair(), encrypts.generate(), null);
    PgpCertificate parsed = PgpCertificate.parse(ring.generatePublicKeyRing().getEncoded());
    assertThat(parsed.keys()).hasSize(3);
    assertThat(PgpCertificate.hex(parsed.encryptionKey(now)))
        .isEqualTo(PgpCertificate.hex(usual.getPublicKey()));
  }

  private static PGPKeyPairGenerator pairs(Instant made) {
    return new BcPGPKeyPairGeneratorProvider().get(PublicKeyPacket.VERSION_4, Date.from(made));
  }

  private static byte[] joined(List<Packet> packets) {
    return TestMessages.join(packets.stream().map(Packet::encoded).toArray(byte[][]::new));
  }
}
