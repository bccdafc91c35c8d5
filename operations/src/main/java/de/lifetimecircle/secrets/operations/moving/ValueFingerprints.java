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
 * Makes digests of values under a key that is drawn for one run and never leaves its memory, so
 * that two values can be compared without keeping either. A digest of another run says nothing.
 * Used by one thread.
 */
final class ValueFingerprints {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final Mac mac;

  /** A digest; shows nothing of itself. */
  static final class Fingerprint {
    private final byte[] digest;

    private Fingerprint(byte[] digest) {
      this.digest = digest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Fingerprint that && MessageDigest.isEqual(digest, that.digest);
    }

    /** The same for all, as of the values. */
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
