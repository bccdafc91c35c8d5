package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretValue;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Digests values under a random key that never leaves the memory of one run, so that values can be
 * compared without keeping them. Digests of different runs cannot be compared. Used by one thread.
 */
final class ValueFingerprints {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final Mac mac;

  /** A digest; its text shows nothing. */
  static final class Fingerprint {
    private final byte[] digest;

    private Fingerprint(byte[] digest) {
      this.digest = digest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Fingerprint that && MessageDigest.isEqual(digest, that.digest);
    }

    /** Returns the same hash code for all digests, as values do. */
    @Override
    public int hashCode() {
      return Fingerprint.class.hashCode();
    }

    @Override
    public String toString() {
      return "Fingerprint[redacted]";
    }
  }

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

  Fingerprint of(SecretValue value) {
    byte[] bytes = value.asBytes();
    try {
      return new Fingerprint(mac.doFinal(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
