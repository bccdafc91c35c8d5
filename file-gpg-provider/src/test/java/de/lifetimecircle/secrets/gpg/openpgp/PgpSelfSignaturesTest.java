package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.NotationData;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which signatures count after the key that made them was extended, shortened or revoked. */
class PgpSelfSignaturesTest {
  private static final byte[] PAYLOAD = "{\"seq\":7}".getBytes(UTF_8);
  private static final String USER_ID = "alice@example.org";
  private static final Duration DAY = Duration.ofDays(1);

  private PgpIdentity alice;

  @BeforeEach
  void generate() throws PgpFailure {
    alice = TestKeys.identity(USER_ID);
  }

  @FunctionalInterface
  private interface Subpackets {
    void apply(PGPSignatureSubpacketGenerator hashed);
  }

  /** A signature by the primary key of {@code by} about the primary key of {@code about}. */
  private static PGPSignature statement(
      PgpIdentity by, PgpIdentity about, int type, Instant made, Subpackets subpackets)
      throws Exception {
    return statement(by, about, type, made, HashAlgorithmTags.SHA512, subpackets);
  }

  private static PGPSignature statement(
      PgpIdentity by, PgpIdentity about, int type, Instant made, int hash, Subpackets subpackets)
      throws Exception {
    PgpSigningKey key = by.signingKey(NOW);
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(key.publicKey().getAlgorithm(), hash), key.publicKey());
    generator.init(type, key.privateKey());
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setSignatureCreationTime(false, Date.from(made));
    hashed.setIssuerFingerprint(false, about.certificate().keys().get(0));
    subpackets.apply(hashed);
    generator.setHashedSubpackets(hashed.generate());
    PGPPublicKey subject = about.certificate().keys().get(0);
    return PGPSignature.isCertification(type) || type == PGPSignature.CERTIFICATION_REVOCATION
        ? generator.generateCertification(USER_ID, subject)
        : generator.generateCertification(subject);
  }

  private static PgpCertificate with(PgpIdentity identity, PGPSignature... statements)
      throws Exception {
    PGPPublicKeyRing ring =
        new PGPPublicKeyRing(identity.certificate().encoded(), new BcKeyFingerprintCalculator());
    PGPPublicKey primary = ring.getPublicKey();
    for (PGPSignature statement : statements) {
      int type = statement.getSignatureType();
      primary =
          PGPSignature.isCertification(type) || type == PGPSignature.CERTIFICATION_REVOCATION
              ? PGPPublicKey.addCertification(primary, USER_ID, statement)
              : PGPPublicKey.addCertification(primary, statement);
    }
    return PgpCertificate.ofRing(PGPPublicKeyRing.insertPublicKey(ring, primary));
  }

  private PGPSignature binding(Instant made, Duration lifetime) throws Exception {
    return statement(
        alice,
        alice,
        PGPSignature.POSITIVE_CERTIFICATION,
        made,
        hashed -> {
          hashed.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
          hashed.setKeyExpirationTime(false, lifetime.toSeconds());
        });
  }

  private PGPSignature revocation(int reason, Instant made) throws Exception {
    return statement(
        alice,
        alice,
        PGPSignature.KEY_REVOCATION,
        made,
        hashed -> {
          if (reason >= 0) {
            hashed.setRevocationReason(false, (byte) reason, "");
          }
        });
  }

  private byte[] signedAt(Instant time) throws PgpFailure {
    return PgpCodec.signDetached(PAYLOAD, alice, time);
  }

  private static void assertAccepted(byte[] signature, PgpCertificate by) throws PgpFailure {
    assertThat(PgpCodec.verifyDetached(PAYLOAD, signature, List.of(by)))
        .isEqualTo(by.fingerprint());
  }

  private static PgpFailure assertRefused(Reason reason, byte[] signature, PgpCertificate by) {
    return assertFails(reason, () -> PgpCodec.verifyDetached(PAYLOAD, signature, List.of(by)));
  }

  @Test
  void newestBindingDecidesForSignaturesThatAreOlderThanIt() throws Exception {
    byte[] early = signedAt(NOW.plus(DAY));
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(9)));
    PgpCertificate shorter = with(alice, binding(NOW.plus(DAY), DAY.multipliedBy(5)));
    assertAccepted(early, shorter);
    assertRefused(Reason.EXPIRED_SIGNER, late, shorter);
    PgpCertificate extended =
        with(
            alice,
            binding(NOW.plus(DAY), DAY.multipliedBy(5)),
            binding(NOW.plus(DAY.multipliedBy(6)), DAY.multipliedBy(30)));
    assertAccepted(early, extended);
    assertAccepted(late, extended);
  }

  /** A part of a self-signature that this library does not know. */
  private static final class UnknownPart extends SignatureSubpacket {
    UnknownPart(boolean critical) {
      super(100, critical, false, new byte[] {1});
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bindingWithAnUnknownPartCountsUnlessThatIsCritical(boolean critical) throws Exception {
    PGPSignature made =
        statement(
            alice,
            alice,
            PGPSignature.POSITIVE_CERTIFICATION,
            NOW.plus(DAY),
            hashed -> {
              hashed.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
              hashed.setKeyExpirationTime(false, DAY.multipliedBy(5).toSeconds());
              hashed.addCustomSubpacket(new UnknownPart(critical));
            });
    PgpCertificate read = with(alice, PgpSignatures.parse(made.getEncoded()));
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(9)));
    if (critical) {
      assertAccepted(late, read);
    } else {
      assertRefused(Reason.EXPIRED_SIGNER, late, read);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {HashAlgorithmTags.SHA1, HashAlgorithmTags.SHA256})
  void bindingBySha1OfTodayDoesNotCount(int hash) throws Exception {
    PGPSignature made =
        statement(
            alice,
            alice,
            PGPSignature.POSITIVE_CERTIFICATION,
            NOW.plus(DAY),
            hash,
            hashed -> {
              hashed.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
              hashed.setKeyExpirationTime(false, DAY.multipliedBy(5).toSeconds());
            });
    PgpCertificate read = with(alice, made);
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(9)));
    if (hash == HashAlgorithmTags.SHA1) {
      assertAccepted(late, read);
    } else {
      assertRefused(Reason.EXPIRED_SIGNER, late, read);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 99})
  void backdatedSignatureByACompromisedKeyIsRefused(int reason) throws Exception {
    byte[] backdated = signedAt(NOW.plusSeconds(1));
    PgpCertificate revoked = with(alice, revocation(reason, NOW.plus(DAY.multipliedBy(9))));
    assertRefused(Reason.REVOKED_SIGNER, backdated, revoked);
    PgpCertificate extendedSince =
        with(
            alice,
            revocation(reason, NOW.plus(DAY)),
            binding(NOW.plus(DAY.multipliedBy(2)), DAY.multipliedBy(900)));
    assertRefused(Reason.REVOKED_SIGNER, backdated, extendedSince);
  }

  @ParameterizedTest
  @CsvSource({"1,superseded", "3,retired", "32,no longer valid"})
  void softRevocationCountsFromItsDate(int reason, String why) throws Exception {
    PgpCertificate revoked = with(alice, revocation(reason, NOW.plus(DAY)));
    assertAccepted(signedAt(NOW.plus(DAY).minusSeconds(1)), revoked);
    assertThat(assertRefused(Reason.REVOKED_SIGNER, signedAt(NOW.plus(DAY)), revoked))
        .hasMessageContaining(why);
  }

  @Test
  void revokedUserIdBindsNothingFromItsDateUntilItIsCertifiedAgain() throws Exception {
    PGPSignature revocation =
        statement(
            alice,
            alice,
            PGPSignature.CERTIFICATION_REVOCATION,
            NOW.plus(DAY),
            hashed -> hashed.setRevocationReason(false, (byte) 32, ""));
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(2)));
    PgpCertificate revoked = with(alice, revocation);
    assertAccepted(signedAt(NOW.plusSeconds(1)), revoked);
    assertRefused(Reason.UNFIT_SIGNER, late, revoked);
    assertAccepted(
        late, with(alice, revocation, binding(NOW.plus(DAY).plusSeconds(9), Duration.ZERO)));
  }

  @Test
  void newestBindingMayTakeThePermissionToSign() throws Exception {
    PGPSignature certifyOnly =
        statement(
            alice,
            alice,
            PGPSignature.POSITIVE_CERTIFICATION,
            NOW.plus(DAY),
            hashed -> hashed.setKeyFlags(false, KeyFlags.CERTIFY_OTHER));
    assertThat(assertRefused(Reason.UNFIT_SIGNER, signedAt(NOW), with(alice, certifyOnly)))
        .hasMessageContaining("not meant for signatures");
  }

  /** What anybody with the public key can write into a certificate: statements by another key. */
  @Test
  void statementsOfOthersChangeNothing() throws Exception {
    PgpIdentity mallory = TestKeys.identity("mallory@example.org");
    PgpCertificate expiring = with(alice, binding(NOW.plusSeconds(1), DAY.multipliedBy(5)));
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(9)));
    List<PGPSignature> forged = new ArrayList<>();
    forged.add(binding(NOW.plusSeconds(1), DAY.multipliedBy(5)));
    for (int type : new int[] {PGPSignature.POSITIVE_CERTIFICATION, PGPSignature.DIRECT_KEY}) {
      forged.add(
          statement(
              mallory,
              alice,
              type,
              NOW.plus(DAY),
              hashed -> hashed.setKeyFlags(false, KeyFlags.SIGN_DATA)));
    }
    PgpCertificate extended = with(alice, forged.toArray(PGPSignature[]::new));
    assertRefused(Reason.EXPIRED_SIGNER, late, extended);
    assertThat(extended.isNewsFor(expiring)).isFalse();
    PGPSignature revocation =
        statement(mallory, alice, PGPSignature.KEY_REVOCATION, NOW.plus(DAY), hashed -> {});
    assertAccepted(late, with(alice, revocation));
  }

  @Test
  void changedBindingExtendsNothing() throws Exception {
    PgpCertificate expiring = with(alice, binding(NOW.plusSeconds(1), DAY.multipliedBy(5)));
    byte[] encoded = expiring.encoded();
    byte[] late = signedAt(NOW.plus(DAY.multipliedBy(9)));
    int accepted = 0;
    for (int i = 0; i < encoded.length * 8; i++) {
      byte[] changed = encoded.clone();
      changed[i / 8] ^= (byte) (1 << (i % 8));
      try {
        PgpCertificate parsed = PgpCertificate.parse(changed);
        if (parsed.fingerprint().equals(expiring.fingerprint())) {
          PgpCodec.verifyDetached(PAYLOAD, late, List.of(parsed));
          accepted++;
        }
      } catch (PgpFailure e) {
        assertThat(e.reason()).isNotNull();
      }
    }
    // Without its newest binding the certificate is the older one, which anybody may have kept.
    assertThat(accepted).as("only by hiding the newest binding").isPositive();
    assertRefused(Reason.EXPIRED_SIGNER, late, expiring);
  }

  /**
   * Without MD5, which the policy takes in signatures older than the keys that it accepts, and
   * without the keys of RFC 9980, which gpg 2.4 cannot read.
   */
  @Test
  void acceptsWhatBouncyCastleAcceptsByDefault() {
    OpenPGPPolicy policy = new OpenPGPDefaultPolicy();
    for (int id = 0; id < 256; id++) {
      boolean isOfRfc9980 =
          id >= PublicKeyAlgorithmTags.MLDSA65_Ed25519
              && id <= PublicKeyAlgorithmTags.MLKEM1024_X448;
      for (int bits : new int[] {0, 249, 250, 1999, 2000, 4096}) {
        assertThat(PgpSelfSignatures.isLong(id, bits))
            .as("key of type %d with %d bits", id, bits)
            .isEqualTo(!isOfRfc9980 && policy.isAcceptablePublicKeyStrength(id, bits));
      }
      for (String time :
          List.of("2000-01-01T00:00:00Z", "2023-01-31T23:59:59Z", "2023-02-01T00:00:00Z")) {
        Instant made = Instant.parse(time);
        assertThat(PgpSelfSignatures.isStrongHash(id, made))
            .as("hash %d at %s", id, time)
            .isEqualTo(policy.isAcceptableCertificationSignatureHashAlgorithm(id, Date.from(made)));
      }
    }
  }

  /** An unfinished change of the recipients tolerates an unusable one, and no other failure. */
  @Test
  void recipientWithAMalformedStatementIsUnusable() throws Exception {
    byte[] nameIsNotUtf8 = {0, 0, 0, 0, 0, 1, 0, 0, (byte) 0xFF};
    PGPSignature malformed =
        statement(
            alice,
            alice,
            PGPSignature.DIRECT_KEY,
            NOW,
            hashed -> hashed.addCustomSubpacket(new NotationData(true, false, nameIsNotUtf8)));
    PgpCertificate certificate = with(alice, malformed);
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> certificate.requireUsable(NOW));
    assertFails(Reason.BAD_KEY_FILE, () -> certificate.signingKeys(NOW));
  }

  @Test
  void unionOfTwoCopiesKeepsTheRevocationOfEither() throws Exception {
    PgpCertificate revoked = with(alice, revocation(2, NOW.plus(DAY)));
    PgpCertificate extended = with(alice, binding(NOW.plus(DAY), DAY.multipliedBy(90)));
    byte[] signature = signedAt(NOW.plusSeconds(1));
    assertAccepted(signature, extended);
    assertRefused(Reason.REVOKED_SIGNER, signature, extended.joinedWith(revoked));
    assertRefused(Reason.REVOKED_SIGNER, signature, revoked.joinedWith(extended));
    assertThat(revoked.isNewsFor(extended)).isTrue();
    assertThat(extended.isNewsFor(extended.joinedWith(revoked))).isFalse();
    alice.learn(revoked);
    assertFails(Reason.UNUSABLE_SIGNER, () -> signedAt(NOW.plusSeconds(1)));
  }
}
