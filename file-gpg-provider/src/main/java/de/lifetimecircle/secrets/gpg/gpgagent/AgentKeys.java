package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpDecryptionKey;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSigningKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.bcpg.BCPGKey;
import org.bouncycastle.bcpg.ECPublicBCPGKey;
import org.bouncycastle.bcpg.RSAPublicBCPGKey;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;

/**
 * The keys of a certificate whose secret parts a gpg-agent holds.
 *
 * <p>They are found by comparing public numbers (the RSA modulus, the point on the curve) rather
 * than by computing the agent's keygrip, whose recipe differs for every curve.
 */
final class AgentKeys {
  private AgentKeys() {}

  /**
   * Returns an identity of the keys of the certificate that the agent holds.
   *
   * @throws PgpFailure if none of them decrypts, or the agent does not answer
   */
  static PgpIdentity identity(GpgAgent agent, PgpCertificate certificate) {
    Map<String, SExpression> held = agent.keys();
    List<PgpDecryptionKey> decryption = new ArrayList<>();
    List<PgpSigningKey> signing = new ArrayList<>();
    for (PGPPublicKey key : certificate.keys()) {
      Optional<String> keygrip = keygrip(key, held);
      if (keygrip.isEmpty()) {
        continue;
      }
      if (PgpCertificate.mayDecrypt(key)) {
        decryption.add(
            new PgpDecryptionKey(key, () -> new AgentDecryptor(agent, keygrip.get(), key)));
      }
      if (PgpCertificate.maySign(key)) {
        signing.add(signingKey(agent, keygrip.get(), key));
      }
    }
    if (decryption.isEmpty()) {
      throw new PgpFailure(
          Reason.NO_SECRET_KEY,
          "use " + agent,
          "it holds no secret key that decrypts for " + certificate.fingerprint(),
          "Import the key there, or name the certificate of a key that it holds");
    }
    return PgpIdentity.ofHeldKeys(certificate, decryption, signing, agent::close);
  }

  private static PgpSigningKey signingKey(GpgAgent agent, String keygrip, PGPPublicKey key) {
    PGPPrivateKey placeholder = new PGPPrivateKey(key.getKeyID(), key.getPublicKeyPacket(), null);
    return new PgpSigningKey(key, placeholder, () -> new AgentSignerBuilder(agent, keygrip, key));
  }

  private static Optional<String> keygrip(PGPPublicKey key, Map<String, SExpression> held) {
    return held.entrySet().stream()
        .filter(entry -> isOf(key.getPublicKeyPacket().getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean isOf(BCPGKey numbers, SExpression held) {
    return numbers instanceof RSAPublicBCPGKey rsa
        ? isSame(held, "n", rsa.getModulus())
        : numbers instanceof ECPublicBCPGKey curve && isSame(held, "q", curve.getEncodedPoint());
  }

  private static boolean isSame(SExpression held, String name, BigInteger expected) {
    return held.find(name).filter(bytes -> new BigInteger(1, bytes).equals(expected)).isPresent();
  }
}
