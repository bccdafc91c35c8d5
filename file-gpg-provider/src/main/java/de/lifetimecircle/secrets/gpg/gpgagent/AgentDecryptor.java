package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.gpgagent.GpgAgent.Decrypted;
import java.math.BigInteger;
import org.bouncycastle.bcpg.AEADEncDataPacket;
import org.bouncycastle.bcpg.ECDHPublicBCPGKey;
import org.bouncycastle.bcpg.SymmetricEncIntegrityPacket;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSessionKey;
import org.bouncycastle.openpgp.api.operator.AbstractExternalPublicKeyDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.PGPDataDecryptor;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;
import org.bouncycastle.util.Arrays;

/** Lets gpg-agent do the step that needs the secret key; all the rest happens here. */
final class AgentDecryptor extends AbstractExternalPublicKeyDataDecryptorFactory {

  private static final int UNCOMPRESSED = 0x04;
  private static final int NATIVE = 0x40;

  private final GpgAgent agent;
  private final String keygrip;

  AgentDecryptor(GpgAgent agent, String keygrip, PGPPublicKey key) {
    super(key, new BcKeyFingerprintCalculator(), new BcPGPDigestCalculatorProvider());
    this.agent = agent;
    this.keygrip = keygrip;
  }

  @Override
  protected byte[] decryptRSA(int algorithm, byte[] ciphertext) throws PGPException {
    // As a positive number: with a zero in front if its highest bit is set.
    byte[] number = new BigInteger(1, ciphertext).toByteArray();
    Decrypted decrypted = agent.decrypt(keygrip, SExpression.encrypted("rsa", "a", number));
    return decrypted.unpadded() ? decrypted.value() : withoutPadding(decrypted.value());
  }

  @Override
  protected byte[] agreeECDH(ECDHPublicBCPGKey key, byte[] ephemeralPoint) throws PGPException {
    return agree(ephemeralPoint);
  }

  /** Curve25519, also in its legacy form; the library has removed the marker of the point. */
  @Override
  protected byte[] agreeX25519(byte[] ephemeral) throws PGPException {
    return agree(Arrays.prepend(ephemeral, (byte) NATIVE));
  }

  private byte[] agree(byte[] ephemeralPoint) throws PGPException {
    byte[] point =
        agent.decrypt(keygrip, SExpression.encrypted("ecdh", "e", ephemeralPoint)).value();
    if (point.length % 2 == 0) {
      return point;
    }
    // A point with its marker octet: x alone (Curve25519), or x and y, of which x is the secret.
    return switch (point[0]) {
      case NATIVE -> Arrays.copyOfRange(point, 1, point.length);
      case UNCOMPRESSED -> Arrays.copyOfRange(point, 1, 1 + point.length / 2);
      default -> throw new PGPException("unknown point form");
    };
  }

  @Override
  protected byte[] unwrapSessionData(byte[] wrapped, int cipher, byte[] key) throws PGPException {
    try {
      return BcPublicKeyDataDecryptorFactory.unwrapSessionData(
          wrapped, cipher, new KeyParameter(key));
    } catch (InvalidCipherTextException e) {
      throw new PGPException("session key does not unwrap", e);
    }
  }

  @Override
  protected byte[] decryptElGamal(int algorithm, byte[][] ciphertext) throws PGPException {
    throw unsupported();
  }

  @Override
  protected byte[] agreeX448(byte[] ephemeral) throws PGPException {
    throw unsupported();
  }

  @Override
  protected byte[] generateHKDFBytes(int hash, byte[] secret, String info, int length)
      throws PGPException {
    throw unsupported();
  }

  // The content is decrypted with the session key by the caller, never through this factory.

  @Override
  public PGPDataDecryptor createDataDecryptor(boolean withIntegrity, int cipher, byte[] key)
      throws PGPException {
    throw unsupported();
  }

  @Override
  public PGPDataDecryptor createDataDecryptor(AEADEncDataPacket data, PGPSessionKey key)
      throws PGPException {
    throw unsupported();
  }

  @Override
  public PGPDataDecryptor createDataDecryptor(SymmetricEncIntegrityPacket data, PGPSessionKey key)
      throws PGPException {
    throw unsupported();
  }

  /** PKCS #1 version 1.5: 2, at least eight octets that are not 0, 0, data. */
  private static byte[] withoutPadding(byte[] frame) throws PGPException {
    int at = frame.length > 0 && frame[0] == 0 ? 1 : 0;
    if (frame.length < at + 11 || frame[at] != 2) {
      throw new PGPException("unknown padding");
    }
    int zero = at + 1;
    while (zero < frame.length && frame[zero] != 0) {
      zero++;
    }
    if (zero - at < 9 || zero == frame.length) {
      throw new PGPException("unknown padding");
    }
    return Arrays.copyOfRange(frame, zero + 1, frame.length);
  }

  private static PGPException unsupported() {
    return new PGPException("not supported with an agent");
  }
}
