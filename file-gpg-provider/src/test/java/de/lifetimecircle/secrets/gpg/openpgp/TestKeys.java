package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.jspecify.annotations.Nullable;

/** Keys for tests that need no gpg, and the committed fixtures. */
public final class TestKeys {

  private TestKeys() {}

  public static PgpIdentity identity(String userId) throws PgpFailure {
    return PgpIdentity.fromKeyFile(PgpKeyGenerator.generate(userId, null, TestMessages.NOW), null);
  }

  static PgpIdentity locked(String userId, char @Nullable [] passphrase) throws PgpFailure {
    byte[] file = PgpKeyGenerator.generate(userId, passphrase, TestMessages.NOW);
    return PgpIdentity.fromKeyFile(file, passphrase);
  }

  /** Returns the key ids that a message names, in its order; 0 for a hidden recipient. */
  public static List<Long> recipientKeyIds(byte[] message) {
    return PgpMessage.parse(message).recipients().stream().map(PgpMessage::keyId).toList();
  }

  /**
   * Locks a key file again with the same passphrase, hashed a few times only. Without that, tests
   * take half a second for each key that they unlock.
   */
  public static byte[] quickToUnlock(byte[] file, String passphrase)
      throws IOException, PGPException {
    PGPSecretKeyRing ring =
        new PGPSecretKeyRing(
            PGPUtil.getDecoderStream(new ByteArrayInputStream(file)),
            new BcKeyFingerprintCalculator());
    BcPGPDigestCalculatorProvider digests = new BcPGPDigestCalculatorProvider();
    return PGPSecretKeyRing.copyWithNewPassword(
            ring,
            new BcPBESecretKeyDecryptorBuilder(digests).build(passphrase.toCharArray()),
            new BcPBESecretKeyEncryptorBuilder(
                    SymmetricKeyAlgorithmTags.AES_256, digests.get(HashAlgorithmTags.SHA256), 0x60)
                .build(passphrase.toCharArray()))
        .getEncoded();
  }

  /**
   * A key file, as {@link PgpKeyGenerator} makes it without a passphrase, in which the secret part
   * of one key is that of another key.
   */
  public static byte[] withForeignSecret(byte[] keyFile, boolean ofSubkey) throws PgpFailure {
    List<PgpPackets.Packet> theirs =
        PgpPackets.split(PgpKeyGenerator.generate("b@example.org", null, TestMessages.NOW));
    // Version, time, algorithm, curve (1 + 9 or 1 + 10) and point (2 + 33); key derivation (4).
    int publicPart = ofSubkey ? 56 : 51;
    int tag = ofSubkey ? PacketTags.SECRET_SUBKEY : PacketTags.SECRET_KEY;
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    int at = 0;
    for (PgpPackets.Packet ours : PgpPackets.split(keyFile)) {
      PgpPackets.Packet packet = ours;
      if (ours.tag() == tag) {
        byte[] body = theirs.get(at).body().clone();
        System.arraycopy(ours.body(), 0, body, 0, publicPart);
        packet = new PgpPackets.Packet(tag, body);
      }
      mixed.writeBytes(packet.encoded());
      at++;
    }
    return mixed.toByteArray();
  }

  /** A throw-away key, committed with the fixture it opens; it protects nothing. */
  static byte[] throwAwayKeyFile() {
    return resource("throw-away-test-key.asc");
  }

  /** Written by gpg 2.4.7 with --force-ocb: packet tag 20. */
  static byte[] writtenByGpg24() {
    return resource("gpg-2.4.7-ocb.asc");
  }

  private static byte[] resource(String name) {
    try (InputStream in = TestKeys.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("test resource is missing: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
