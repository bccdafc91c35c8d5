package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretValue;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests values under a random key that never leaves the memory of one run, so that values can be
 * compared without keeping them. Digests of different runs cannot be compared. Used by one thread.
 */
final class ValueFingerprints {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final Mac mac;

  ValueFingerprints(RandomGenerator random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Returns the digest of a value, whose text shows nothing. */
  ByteBuffer of(SecretValue value) {
    byte[] bytes = value.asBytes();
    try {
      return ByteBuffer.wrap(mac.doFinal(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
