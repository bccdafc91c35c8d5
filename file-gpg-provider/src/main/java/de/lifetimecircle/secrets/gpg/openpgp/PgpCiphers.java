package de.lifetimecircle.secrets.gpg.openpgp;

import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;

/** Which symmetric ciphers are accepted: AES, and nothing with a 64-bit block. */
final class PgpCiphers {

  private PgpCiphers() {}

  static boolean isAes(int algorithm) {
    return keyLength(algorithm) > 0;
  }

  /** Returns the key length in octets, or 0 for a cipher that is not accepted. */
  static int keyLength(int algorithm) {
    return switch (algorithm) {
      case SymmetricKeyAlgorithmTags.AES_128 -> 16;
      case SymmetricKeyAlgorithmTags.AES_192 -> 24;
      case SymmetricKeyAlgorithmTags.AES_256 -> 32;
      default -> 0;
    };
  }
}
