package de.lifetimecircle.secrets.gpg.openpgp;

import java.util.function.Supplier;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.PublicKeyDataDecryptorFactory;

/**
 * A key of ours that recovers session keys, in this process or in the agent.
 *
 * <p>The library does not promise that its decryptor is safe for many threads, so each decryption
 * makes its own; that costs nothing, the key itself is already unlocked.
 */
public record PgpDecryptionKey(
    PGPPublicKey publicKey, Supplier<? extends PublicKeyDataDecryptorFactory> decryptors) {

  @Override
  public String toString() {
    return "PgpDecryptionKey[redacted]";
  }
}
