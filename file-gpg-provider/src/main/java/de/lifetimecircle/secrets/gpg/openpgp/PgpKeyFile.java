package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SecretKeyPacket;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.PBESecretKeyDecryptor;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPDigestCalculatorProviderBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcePBESecretKeyDecryptorBuilder;
import org.jspecify.annotations.Nullable;

/** Reads a private key file and unlocks the keys in it that can be of use. */
public record PgpKeyFile(
    PgpCertificate certificate,
    List<PgpDecryptionKey> decryptionKeys,
    List<PgpSigningKey> signingKeys) {

  /** Each locked key costs 70-100 ms to unlock: a crafted file may not cost minutes. */
  private static final int MAX_KEYS = 16;

  private static final Set<Integer> PACKETS =
      Set.of(
          PacketTags.SECRET_KEY,
          PacketTags.SECRET_SUBKEY,
          PacketTags.PUBLIC_SUBKEY,
          PacketTags.USER_ID,
          PacketTags.USER_ATTRIBUTE,
          PacketTags.SIGNATURE,
          PacketTags.TRUST);

  /** Reads and unlocks; the passphrase array is left as it is. */
  static PgpKeyFile read(byte[] keyFile, char @Nullable [] passphrase) {
    PGPSecretKeyRing ring = ring(keyFile);
    PgpKeyFile file =
        new PgpKeyFile(
            PgpCertificate.ofRing(ring.toCertificate()), new ArrayList<>(), new ArrayList<>());
    ring.getSecretKeys().forEachRemaining(key -> file.add(key, passphrase));
    if (file.decryptionKeys.isEmpty()) {
      throw badFile(
          "it holds no secret key that can decrypt",
          "Export it with gpg --export-secret-subkeys FINGERPRINT");
    }
    return file;
  }

  /** Reads the certificate alone; nothing is unlocked. */
  public static PgpCertificate certificate(byte[] keyFile) {
    return PgpCertificate.ofRing(ring(keyFile).toCertificate());
  }

  private static PGPSecretKeyRing ring(byte[] keyFile) {
    if (keyFile.length > PgpCertificate.MAX_BYTES) {
      throw new PgpFailure(
          PgpFailure.Reason.TOO_LARGE,
          "read key file",
          "larger than " + PgpCertificate.MAX_BYTES + " bytes");
    }
    byte[] binary = PgpArmor.PRIVATE_KEY.decode(keyFile, PgpFailure.Reason.BAD_KEY_FILE);
    List<Packet> packets = PgpPackets.split(binary);
    try {
      PgpCertificate.requireOneKey(packets, PacketTags.SECRET_KEY, PACKETS, "key file");
      requireFewKeys(packets);
      return PgpCertificate.wellFormed(
          "key file", () -> new PGPSecretKeyRing(binary, new BcKeyFingerprintCalculator()));
    } finally {
      // Unprotected keys are readable in these copies.
      packets.forEach(Packet::wipe);
      Arrays.fill(binary, (byte) 0);
    }
  }

  private static void requireFewKeys(List<Packet> packets) {
    long keys = packets.stream().filter(packet -> packet.tag() != PacketTags.SIGNATURE).count();
    if (keys > 4L * MAX_KEYS
        || packets.stream().filter(p -> p.tag() == PacketTags.SECRET_SUBKEY).count() > MAX_KEYS) {
      throw badFile("it holds more than " + MAX_KEYS + " subkeys", "Export only the needed ones");
    }
  }

  private void add(PGPSecretKey key, char @Nullable [] passphrase) {
    PGPPublicKey publicKey = key.getPublicKey();
    boolean decrypts = PgpCertificate.mayDecrypt(publicKey);
    boolean signs = PgpCertificate.maySign(publicKey);
    // gnu-dummy: the place of a primary key that was left out, or that is on a card.
    if (key.isPrivateKeyEmpty() || key.isExternalKey() || !(decrypts || signs)) {
      return;
    }
    PGPPrivateKey privateKey = unlock(key, passphrase);
    if (decrypts) {
      PGPKeyPair pair = new PGPKeyPair(publicKey, privateKey);
      decryptionKeys.add(
          new PgpDecryptionKey(publicKey, () -> new BcPublicKeyDataDecryptorFactory(pair)));
    }
    if (signs) {
      signingKeys.add(
          new PgpSigningKey(
              publicKey,
              privateKey,
              () ->
                  new BcPGPContentSignerBuilder(
                      publicKey.getAlgorithm(), HashAlgorithmTags.SHA512)));
    }
  }

  private static PGPPrivateKey unlock(PGPSecretKey key, char @Nullable [] passphrase) {
    if (key.getS2KUsage() == SecretKeyPacket.USAGE_NONE) {
      return requirePresent(
          BouncyCastleErrors.call(
              PgpFailure.Reason.BAD_KEY_FILE,
              "read key file",
              "a key in it is damaged",
              () -> key.extractPrivateKey(null)));
    }
    requireAcceptedProtection(key);
    if (passphrase == null) {
      throw new PgpFailure(
          PgpFailure.Reason.WRONG_PASSPHRASE,
          "unlock key file",
          "it is locked and no passphrase is configured");
    }
    char[] copy = passphrase.clone();
    try {
      PBESecretKeyDecryptor decryptor = decryptor(copy);
      return requirePresent(
          BouncyCastleErrors.call(
              PgpFailure.Reason.WRONG_PASSPHRASE,
              "unlock key file",
              "the passphrase does not open it, or the file is damaged",
              () -> key.extractPrivateKey(decryptor)));
    } finally {
      Arrays.fill(copy, '\0');
    }
  }

  /**
   * Makes a decryptor with the JDK's digests and ciphers, not the library's: hashing a passphrase
   * 65 million octets long took 68 ms against 270 ms. No provider needs to be registered for them.
   */
  private static PBESecretKeyDecryptor decryptor(char[] passphrase) {
    return BouncyCastleErrors.call(
        PgpFailure.Reason.BAD_KEY_FILE,
        "unlock key file",
        "no digests available",
        () ->
            new JcePBESecretKeyDecryptorBuilder(new JcaPGPDigestCalculatorProviderBuilder().build())
                .build(passphrase));
  }

  /**
   * Only what gpg itself writes: AES, an iterated S2K, the SHA-1 check. The checksum variants let
   * an attacker change the public part unnoticed, and Argon2 lets a file ask for any memory.
   */
  private static void requireAcceptedProtection(PGPSecretKey key) {
    S2K s2k = key.getS2K();
    if (key.getS2KUsage() != SecretKeyPacket.USAGE_SHA1
        || !PgpDecryption.isAes(key.getKeyEncryptionAlgorithm())
        || s2k == null
        || s2k.getType() != S2K.SALTED_AND_ITERATED) {
      throw badFile(
          "its protection is not one that gpg writes (expected: AES, iterated S2K, SHA-1)",
          "Import it into gpg and export it again");
    }
  }

  private static PGPPrivateKey requirePresent(@Nullable PGPPrivateKey key) {
    if (key == null) {
      throw badFile("a key in it has no secret part", "Export it again");
    }
    return key;
  }

  private static PgpFailure badFile(String why, String what) {
    return new PgpFailure(PgpFailure.Reason.BAD_KEY_FILE, "use key file", why, what);
  }
}
