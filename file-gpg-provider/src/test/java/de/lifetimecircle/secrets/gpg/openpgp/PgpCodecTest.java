package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static de.lifetimecircle.secrets.gpg.openpgp.TestMessages.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpCodecTest {

  private static final byte[] SECRET = "s3cret \0\r\n\u00fc".getBytes(UTF_8);

  private static PgpIdentity alice;
  private static PgpIdentity bob;

  @BeforeAll
  static void generate() throws PgpFailure {
    alice = TestKeys.identity("alice@example.org");
    bob = TestKeys.identity("bob@example.org");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 191, 192, 255, 256, 8383, 65_536, 1024 * 1024})
  void roundTripKeepsEveryByte(int size) throws PgpFailure {
    byte[] value = new byte[size];
    new SplittableRandom(size).nextBytes(value);
    byte[] message = PgpCodec.encrypt(value, List.of(alice.certificate()), NOW);
    assertThat(PgpCodec.decrypt(message, alice)).isEqualTo(value);
    byte[] signed = PgpCodec.sign(value, alice, NOW);
    assertThat(PgpCodec.verify(signed, List.of(alice.certificate()))).isEqualTo(value);
  }

  @Test
  void writesOneForm() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(alice.certificate()), NOW);
    List<PgpPackets.Packet> packets = PgpPackets.split(message);
    assertThat(TestMessages.tags(message))
        .containsExactly(PacketTags.PUBLIC_KEY_ENC_SESSION, PacketTags.SYM_ENC_INTEGRITY_PRO);
    assertThat(packets.get(1).octet(0)).as("SEIPD version").isEqualTo(1);
    // Header, prefix of 18 octets, literal header of 8, MDC of 22: nothing else, no compression.
    assertThat(packets.get(1).body()).hasSize(1 + 18 + 8 + SECRET.length + 22);
  }

  @Test
  void everyRecipientReadsAndNobodyElse() throws PgpFailure {
    PgpIdentity eve = TestKeys.identity("eve@example.org");
    List<PgpCertificate> both = List.of(alice.certificate(), bob.certificate());
    byte[] message = PgpCodec.encrypt(SECRET, both, NOW);
    assertThat(PgpCodec.decrypt(message, alice)).isEqualTo(SECRET);
    assertThat(PgpCodec.decrypt(message, bob)).isEqualTo(SECRET);
    assertFails(Reason.WRONG_KEY, () -> PgpCodec.decrypt(message, eve));
    assertThat(TestKeys.recipientKeyIds(message))
        .containsExactly(
            alice.certificate().encryptionKey(NOW).getKeyID(),
            bob.certificate().encryptionKey(NOW).getKeyID());
  }

  @Test
  void aRecipientNamedTwiceIsOneRecipient() throws PgpFailure {
    byte[] message =
        PgpCodec.encrypt(SECRET, List.of(alice.certificate(), alice.certificate()), NOW);
    assertThat(TestKeys.recipientKeyIds(message)).hasSize(1);
  }

  @Test
  void readsTheAeadForms() throws PgpFailure {
    byte[] literal = TestMessages.literal(SECRET);
    byte[] ocb = TestMessages.ocb(literal, alice.certificate());
    assertThat(TestMessages.tags(ocb)).endsWith(PacketTags.AEAD_ENC_DATA);
    assertThat(PgpCodec.decrypt(ocb, alice)).isEqualTo(SECRET);
    for (int mode : new int[] {AEADAlgorithmTags.OCB, AEADAlgorithmTags.EAX, 3}) {
      byte[] version2 = TestMessages.version2(mode, literal, alice.certificate());
      assertThat(PgpPackets.split(version2).get(1).octet(0)).isEqualTo(2);
      assertThat(PgpCodec.decrypt(version2, alice)).isEqualTo(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9})
  void readsEachAes(int cipher) throws PgpFailure {
    byte[] literal = TestMessages.literal(SECRET);
    byte[] message = TestMessages.withCipher(cipher, literal, alice.certificate());
    assertThat(PgpCodec.decrypt(message, alice)).isEqualTo(SECRET);
  }

  @Test
  void readsArmor() throws PgpFailure {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(alice.certificate()), NOW);
    assertThat(PgpCodec.decrypt(PgpArmor.MESSAGE.encode(message), alice)).isEqualTo(SECRET);
  }

  @Test
  void readsWhatIsSignedInside() throws PgpFailure {
    byte[] signed = PgpCodec.sign(SECRET, bob, NOW);
    byte[] message = TestMessages.sealed(signed, alice.certificate());
    assertThat(PgpCodec.decrypt(message, alice)).isEqualTo(SECRET);
  }

  @Test
  void encryptNeedsARecipient() {
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> PgpCodec.encrypt(SECRET, List.of(), NOW));
  }

  @Test
  void encryptRefusesAKeyFromTheFuture() {
    List<PgpCertificate> recipients = List.of(alice.certificate());
    assertFails(
        Reason.UNUSABLE_RECIPIENT,
        () -> PgpCodec.encrypt(SECRET, recipients, NOW.minus(Duration.ofDays(1))));
  }

  @Test
  void oneUnusableRecipientStopsAll() throws PgpFailure {
    PgpIdentity later =
        PgpIdentity.fromKeyFile(
            PgpKeyGenerator.generate("later@example.org", null, NOW.plus(Duration.ofDays(9))),
            null);
    List<PgpCertificate> recipients = List.of(alice.certificate(), later.certificate());
    assertFails(Reason.UNUSABLE_RECIPIENT, () -> PgpCodec.encrypt(SECRET, recipients, NOW));
  }

  @Test
  void refusesAValueThatIsTooLarge() {
    byte[] large = new byte[PgpContent.MAX_BYTES + 1];
    List<PgpCertificate> recipients = List.of(alice.certificate());
    assertFails(Reason.TOO_LARGE, () -> PgpCodec.encrypt(large, recipients, NOW));
    assertFails(Reason.TOO_LARGE, () -> PgpCodec.sign(large, alice, NOW));
  }

  @Test
  void decryptsFromManyThreads() throws Exception {
    byte[] message = PgpCodec.encrypt(SECRET, List.of(alice.certificate(), bob.certificate()), NOW);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 800; i++) {
        PgpIdentity reader = i % 2 == 0 ? alice : bob;
        calls.add(
            () -> {
              PgpCodec.encrypt(SECRET, List.of(alice.certificate()), NOW);
              return PgpCodec.decrypt(message, reader);
            });
      }
      for (Future<byte[]> result : threads.invokeAll(calls)) {
        assertThat(result.get()).isEqualTo(SECRET);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aClosedIdentityDoesNothing() throws PgpFailure {
    PgpIdentity closed = TestKeys.identity("closed@example.org");
    byte[] message = PgpCodec.encrypt(SECRET, List.of(closed.certificate()), NOW);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> PgpCodec.decrypt(message, closed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void nothingPrintsItself() throws PgpFailure {
    byte[] signed = PgpCodec.sign("visible".getBytes(UTF_8), alice, NOW);
    assertThat(alice.toString())
        .isEqualTo("PgpIdentity[" + alice.certificate().fingerprint() + "]");
    assertThat(alice.decryptionKeys().toString()).contains("redacted").doesNotContain("Private");
    assertThat(PgpContent.parse(signed).toString()).contains("redacted");
    assertThat(PgpPackets.split(signed).toString()).doesNotContain("visible");
  }
}
