package de.lifetimecircle.secrets.gpg.openpgp;

import java.util.function.Supplier;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.PGPContentSignerBuilder;

/**
 * A key of ours that signs, in this process or in the agent; the agent's has no secret part here.
 */
public record PgpSigningKey(
    PGPPublicKey publicKey,
    PGPPrivateKey privateKey,
    Supplier<? extends PGPContentSignerBuilder> signers) {

  @Override
  public String toString() {
    return "PgpSigningKey[redacted]";
  }
}
