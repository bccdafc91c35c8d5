package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.operator.bc.BcPBEKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/** Messages that our own code never writes: old, foreign, or made to do harm. */
final class TestMessages {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private TestMessages() {}

  static byte[] withoutIntegrity(byte[] content, PgpCertificate to) {
    return encrypt(content, to, new BcPGPDataEncryptorBuilder(9).setWithIntegrityPacket(false));
  }

  static byte[] withCipher(int cipher, byte[] content, PgpCertificate to) {
    return encrypt(content, to, new BcPGPDataEncryptorBuilder(cipher).setWithIntegrityPacket(true));
  }

  static byte[] ocb(byte[] content, PgpCertificate to) {
    return ocb(content, to, NOW);
  }

  /** gpg's own AEAD form: packet tag 20. */
  static byte[] ocb(byte[] content, PgpCertificate to, Instant now) {
    return build(
        content,
        new BcPGPDataEncryptorBuilder(9)
            .setWithIntegrityPacket(true)
            .setWithAEAD(AEADAlgorithmTags.OCB, 10)
            .setUseV5AEAD(),
        generator -> generator.addMethod(recipient(to, now)));
  }

  /** The AEAD form of RFC 9580: packet tag 18, version 2. */
  static byte[] version2(int mode, byte[] content, PgpCertificate to) {
    return encrypt(
        content,
        to,
        new BcPGPDataEncryptorBuilder(9)
            .setWithIntegrityPacket(true)
            .setWithAEAD(mode, 10)
            .setUseV6AEAD());
  }

  static byte[] withPassword(byte[] content, String password) {
    return build(
        content,
        new BcPGPDataEncryptorBuilder(9).setWithIntegrityPacket(true),
        generator ->
            generator.addMethod(new BcPBEKeyEncryptionMethodGenerator(password.toCharArray())));
  }

  static byte[] withPasswordToo(byte[] content, PgpCertificate to, String password) {
    return build(
        content,
        new BcPGPDataEncryptorBuilder(9).setWithIntegrityPacket(true),
        generator -> {
          generator.addMethod(recipient(to, NOW));
          generator.addMethod(new BcPBEKeyEncryptionMethodGenerator(password.toCharArray()));
        });
  }

  /** Any packets, encrypted as we do it: the integrity check passes, the content is odd. */
  static byte[] sealed(byte[] packets, PgpCertificate to) {
    return withCipher(9, packets, to);
  }

  static byte[] literal(byte[] payload) {
    return PgpContent.literalPacket(payload, NOW);
  }

  static byte[] compressed(int algorithm, byte[] packets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream in = new PGPCompressedDataGenerator(algorithm).open(out)) {
      in.write(packets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** The tags of the packets, for checking what kind of message was made. */
  static List<Integer> tags(byte[] message) throws PgpFailure {
    return PgpPackets.split(message).stream().map(PgpPackets.Packet::tag).toList();
  }

  private static byte[] encrypt(
      byte[] content, PgpCertificate to, BcPGPDataEncryptorBuilder builder) {
    return build(content, builder, generator -> generator.addMethod(recipient(to, NOW)));
  }

  private static BcPublicKeyKeyEncryptionMethodGenerator recipient(PgpCertificate to, Instant now) {
    try {
      return new BcPublicKeyKeyEncryptionMethodGenerator(to.encryptionKey(now));
    } catch (PgpFailure e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] build(
      byte[] content,
      BcPGPDataEncryptorBuilder builder,
      Consumer<PGPEncryptedDataGenerator> recipients) {
    PGPEncryptedDataGenerator generator =
        new PGPEncryptedDataGenerator(builder.setSecureRandom(new SecureRandom()));
    recipients.accept(generator);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream in = generator.open(out, content.length)) {
      in.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (PGPException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }
}
