package de.lifetimecircle.secrets.gpg.openpgp;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.PGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;
import org.jspecify.annotations.Nullable;

/**
 * Generates a new key that gpg 2.2 and 2.4 import.
 *
 * <p>Version 4 with the legacy algorithm numbers 22 and 18 for Curve25519: gpg 2.4 does not import
 * 27 and 25, nor version 6. The key announces that its owner reads SEIPD version 1 only (features
 * 0x01), so that every gpg writes to it what every gpg reads.
 */
public final class PgpKeyGenerator {

  private static final int ITERATIONS = 0xff;
  private static final int MAX_USER_ID = 200;

  private PgpKeyGenerator() {}

  /**
   * Generates an Ed25519 primary key (certifies and signs) with a Curve25519 encryption subkey,
   * binary; without a passphrase it is not protected. The passphrase array stays unchanged.
   *
   * @throws IllegalArgumentException for a user id that is blank, too long or has control
   *     characters
   */
  public static byte[] generate(String userId, char @Nullable [] passphrase, Instant now) {
    if (userId.isBlank()
        || userId.length() > MAX_USER_ID
        || userId.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "userId: not usable (expected: 1-" + MAX_USER_ID + " printable characters)");
    }
    // build(char[]) overwrites the array it is given.
    char[] copy = passphrase == null ? null : passphrase.clone();
    try {
      return BouncyCastleErrors.call(
          PgpFailure.Reason.BAD_KEY_FILE,
          "generate key",
          "",
          () -> generateRing(userId, copy, Date.from(now)).generateSecretKeyRing().getEncoded());
    } finally {
      if (copy != null) {
        Arrays.fill(copy, '\0');
      }
    }
  }

  private static PGPKeyRingGenerator generateRing(
      String userId, char @Nullable [] passphrase, Date now) throws PGPException {
    PGPKeyPairGenerator pairs =
        new BcPGPKeyPairGeneratorProvider().get(PublicKeyPacket.VERSION_4, now);
    PGPKeyPair primary = pairs.generateLegacyEd25519KeyPair();
    PGPKeyPair encryption = pairs.generateLegacyX25519KeyPair();
    PGPDigestCalculatorProvider digests = new BcPGPDigestCalculatorProvider();
    PGPSignatureSubpacketGenerator forSubkey = subpackets(primary, now);
    forSubkey.setKeyFlags(false, KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE);
    PGPKeyRingGenerator generator =
        new PGPKeyRingGenerator(
            PGPSignature.POSITIVE_CERTIFICATION,
            primary,
            userId,
            digests.get(HashAlgorithmTags.SHA1),
            primarySubpackets(primary, now).generate(),
            null,
            new BcPGPContentSignerBuilder(
                primary.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
            protection(passphrase, digests));
    generator.addSubKey(encryption, forSubkey.generate(), null);
    return generator;
  }

  private static PGPSignatureSubpacketGenerator primarySubpackets(PGPKeyPair primary, Date now) {
    PGPSignatureSubpacketGenerator out = subpackets(primary, now);
    out.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
    out.setFeature(false, Features.FEATURE_MODIFICATION_DETECTION);
    out.setPreferredSymmetricAlgorithms(
        false,
        new int[] {
          SymmetricKeyAlgorithmTags.AES_256,
          SymmetricKeyAlgorithmTags.AES_192,
          SymmetricKeyAlgorithmTags.AES_128
        });
    out.setPreferredHashAlgorithms(
        false,
        new int[] {HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA256});
    out.setPreferredCompressionAlgorithms(false, new int[] {CompressionAlgorithmTags.UNCOMPRESSED});
    return out;
  }

  private static PGPSignatureSubpacketGenerator subpackets(PGPKeyPair primary, Date now) {
    PGPSignatureSubpacketGenerator out = new PGPSignatureSubpacketGenerator();
    out.setIssuerFingerprint(false, primary.getPublicKey());
    out.setSignatureCreationTime(false, now);
    return out;
  }

  private static @Nullable PBESecretKeyEncryptor protection(
      char @Nullable [] passphrase, PGPDigestCalculatorProvider digests) throws PGPException {
    if (passphrase == null) {
      return null;
    }
    return new BcPBESecretKeyEncryptorBuilder(
            SymmetricKeyAlgorithmTags.AES_256, digests.get(HashAlgorithmTags.SHA256), ITERATIONS)
        .setSecureRandom(new SecureRandom())
        .build(passphrase);
  }
}
