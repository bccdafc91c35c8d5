package de.lifetimecircle.secrets.gpg.openpgp;

import java.util.Iterator;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;

/**
 * Tells the purpose of a secret key of ours, by the flags in its own signatures.
 *
 * <p>This only decides which keys are worth unlocking. {@link PgpCertificate} decides whether a key
 * may sign or receive now, because it verifies the signatures. An expired or revoked key must still
 * open messages that were once encrypted to it.
 */
public final class PgpKeyUse {

  private PgpKeyUse() {}

  /** Returns whether messages may have been encrypted to the key. */
  public static boolean mayDecrypt(PGPPublicKey key) {
    return PgpCertificate.canDecryptWith(key)
        && has(key, KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE);
  }

  /** Returns whether the key is meant for signatures over data, not only over other keys. */
  public static boolean maySign(PGPPublicKey key) {
    return PgpCertificate.canSignWith(key) && has(key, KeyFlags.SIGN_DATA);
  }

  private static boolean has(PGPPublicKey key, int wanted) {
    int all = 0;
    for (Iterator<PGPSignature> it = key.getSignatures(); it.hasNext(); ) {
      PGPSignature signature = it.next();
      if (signature.getHashedSubPackets() != null) {
        all |= signature.getHashedSubPackets().getKeyFlags();
      }
    }
    return all == 0 || (all & wanted) != 0;
  }
}
