package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpSignaturesTest {

  private static final byte[] PAYLOAD = "{\"seq\":7}".getBytes(UTF_8);

  private static PgpIdentity alice;
  private static PgpIdentity mallory;
  private static List<PgpCertificate> trusted;

  @BeforeAll
  static void generate() throws PgpFailure {
    alice = TestKeys.identity("alice@example.org");
    mallory = TestKeys.identity("mallory@example.org");
    trusted = List.of(alice.certificate());
  }

  /** A signature with anything set, over the payload. */
  private static byte[] signature(PgpIdentity by, int type, int hash, Customizer customizer)
      throws Exception {
    PgpSigningKey key = by.signingKey(NOW);
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(key.publicKey().getAlgorithm(), hash), key.publicKey());
    generator.init(type, key.privateKey());
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    customizer.apply(hashed);
    generator.setHashedSubpackets(hashed.generate());
    generator.update(PAYLOAD);
    return generator.generate().getEncoded();
  }

  @FunctionalInterface
  private interface Customizer {
    void apply(PGPSignatureSubpacketGenerator hashed);
  }

  private static void dated(PGPSignatureSubpacketGenerator hashed) {
    hashed.setSignatureCreationTime(false, Date.from(NOW));
  }

  private static void assertDetached(Reason reason, byte[] signature) {
    assertFails(reason, () -> PgpCodec.verifyDetached(PAYLOAD, signature, trusted));
  }

  @Test
  void signedByATrustedKey() throws PgpFailure {
    byte[] signed = PgpCodec.sign(PAYLOAD, alice, NOW);
    assertThat(PgpCodec.verify(signed, trusted)).isEqualTo(PAYLOAD);
    byte[] detached = PgpCodec.signDetached(PAYLOAD, alice, NOW);
    assertThat(PgpCodec.verifyDetached(PAYLOAD, detached, trusted))
        .isEqualTo(alice.certificate().fingerprint());
    assertThat(PgpCodec.verifyDetached(PAYLOAD, PgpArmor.SIGNATURE.encode(detached), trusted))
        .isEqualTo(alice.certificate().fingerprint());
  }

  @Test
  void signedByAStrangerOrForNobody() throws PgpFailure {
    byte[] byMallory = PgpCodec.sign(PAYLOAD, mallory, NOW);
    assertFails(Reason.UNTRUSTED_SIGNER, () -> PgpCodec.verify(byMallory, trusted));
    assertFails(Reason.UNTRUSTED_SIGNER, () -> PgpCodec.verify(byMallory, List.of()));
    assertDetached(Reason.UNTRUSTED_SIGNER, PgpCodec.signDetached(PAYLOAD, mallory, NOW));
  }

  @Test
  void notSigned() throws PgpFailure {
    byte[] literal = TestMessages.literal(PAYLOAD);
    assertFails(Reason.UNTRUSTED_SIGNER, () -> PgpCodec.verify(literal, trusted));
    assertFails(
        Reason.UNTRUSTED_SIGNER,
        () -> PgpCodec.verify(TestMessages.compressed(2, literal), trusted));
    byte[] encrypted = PgpCodec.encrypt(PAYLOAD, trusted, NOW);
    assertFails(Reason.NOT_A_MESSAGE, () -> PgpCodec.verify(encrypted, trusted));
    assertFails(Reason.NOT_A_MESSAGE, () -> PgpCodec.verify(new byte[0], trusted));
    assertDetached(Reason.NOT_A_MESSAGE, new byte[0]);
    assertDetached(Reason.NOT_A_MESSAGE, literal);
    assertDetached(Reason.NOT_A_MESSAGE, PgpCodec.sign(PAYLOAD, alice, NOW));
    assertDetached(Reason.TOO_LARGE, new byte[PgpCertificate.MAX_BYTES + 1]);
  }

  @Test
  void otherDataThanWasSigned() throws PgpFailure {
    byte[] detached = PgpCodec.signDetached(PAYLOAD, alice, NOW);
    byte[] other = "{\"seq\":8}".getBytes(UTF_8);
    assertFails(Reason.BAD_SIGNATURE, () -> PgpCodec.verifyDetached(other, detached, trusted));
    byte[] swapped = TestMessages.join(TestMessages.literal(other), detached);
    assertFails(Reason.BAD_SIGNATURE, () -> PgpCodec.verify(swapped, trusted));
    assertFails(
        Reason.BAD_SIGNATURE, () -> PgpCodec.verifyDetached(new byte[0], detached, trusted));
  }

  @Test
  void oneTrustedSignatureAmongOthersIsEnough() throws PgpFailure {
    byte[] byAlice = PgpCodec.signDetached(PAYLOAD, alice, NOW);
    byte[] byMallory = PgpCodec.signDetached(PAYLOAD, mallory, NOW);
    byte[] ofOther = PgpCodec.signDetached("other".getBytes(UTF_8), alice, NOW);
    byte[] all = TestMessages.join(byMallory, ofOther, byAlice);
    assertThat(PgpCodec.verifyDetached(PAYLOAD, all, trusted))
        .isEqualTo(alice.certificate().fingerprint());
    assertDetached(Reason.BAD_SIGNATURE, TestMessages.join(byMallory, ofOther));
    assertDetached(Reason.BAD_SIGNATURE, TestMessages.join(ofOther, byMallory));
  }

  @Test
  void floodOfSignatures() throws PgpFailure {
    byte[][] parts = new byte[200][];
    Arrays.fill(parts, PgpCodec.signDetached(PAYLOAD, alice, NOW));
    assertDetached(Reason.TOO_LARGE, TestMessages.join(parts));
  }

  @Test
  void aStrangerWhoClaimsToBeTrusted() throws Exception {
    byte[] forged =
        signature(
            mallory,
            PGPSignature.BINARY_DOCUMENT,
            HashAlgorithmTags.SHA512,
            hashed -> {
              dated(hashed);
              hashed.setIssuerFingerprint(false, alice.certificate().keys().get(0));
              hashed.setIssuerKeyID(false, alice.certificate().keys().get(0).getKeyID());
            });
    assertDetached(Reason.BAD_SIGNATURE, forged);
  }

  @Test
  void withoutIssuerFingerprintTheKeyIdFindsTheKey() throws Exception {
    byte[] plain =
        signature(
            alice,
            PGPSignature.BINARY_DOCUMENT,
            HashAlgorithmTags.SHA256,
            PgpSignaturesTest::dated);
    assertThat(PgpCodec.verifyDetached(PAYLOAD, plain, trusted))
        .isEqualTo(alice.certificate().fingerprint());
  }

  @ParameterizedTest
  @ValueSource(ints = {HashAlgorithmTags.SHA1, HashAlgorithmTags.RIPEMD160, HashAlgorithmTags.MD5})
  void weakHash(int hash) throws Exception {
    assertDetached(
        Reason.WEAK_CIPHER,
        signature(alice, PGPSignature.BINARY_DOCUMENT, hash, PgpSignaturesTest::dated));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        PGPSignature.CANONICAL_TEXT_DOCUMENT,
        PGPSignature.STAND_ALONE,
        PGPSignature.TIMESTAMP
      })
  void notOverBinaryData(int type) throws Exception {
    assertDetached(
        Reason.UNACCEPTED_SIGNATURE,
        signature(alice, type, HashAlgorithmTags.SHA512, PgpSignaturesTest::dated));
  }

  @Test
  void signatureThatExpires() throws Exception {
    byte[] expiring =
        signature(
            alice,
            PGPSignature.BINARY_DOCUMENT,
            HashAlgorithmTags.SHA512,
            hashed -> {
              dated(hashed);
              hashed.setSignatureExpirationTime(false, 3600);
            });
    assertDetached(Reason.UNACCEPTED_SIGNATURE, expiring);
  }

  @Test
  void signatureOlderThanItsKey() throws Exception {
    byte[] early =
        signature(
            alice,
            PGPSignature.BINARY_DOCUMENT,
            HashAlgorithmTags.SHA512,
            hashed -> hashed.setSignatureCreationTime(false, Date.from(NOW.minusSeconds(60))));
    assertDetached(Reason.UNFIT_SIGNER, early);
  }

  @Test
  void signsOnlyWhileTheKeyIsValid() {
    Instant before = NOW.minus(Duration.ofHours(1));
    assertFails(Reason.EARLY_KEY, () -> PgpCodec.sign(PAYLOAD, alice, before));
    assertFails(Reason.EARLY_KEY, () -> PgpCodec.signDetached(PAYLOAD, alice, before));
  }

  @Test
  void writesTheFormThatGpgStreams() throws PgpFailure {
    byte[] signed = PgpCodec.sign(PAYLOAD, alice, NOW);
    assertThat(TestMessages.tags(signed))
        .containsExactly(
            PacketTags.ONE_PASS_SIGNATURE, PacketTags.LITERAL_DATA, PacketTags.SIGNATURE);
    assertThat(TestMessages.tags(PgpCodec.signDetached(PAYLOAD, alice, NOW)))
        .containsExactly(PacketTags.SIGNATURE);
  }
}
