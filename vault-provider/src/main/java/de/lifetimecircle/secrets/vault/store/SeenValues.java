package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.SecretValue;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives a version to a value that has none in the backend: another one whenever the value changes.
 *
 * <p>A version is a number of this store and says nothing about the value. Which value was seen
 * last is remembered as an HMAC under a random key of this store, in memory only. Safe for use by
 * several threads; the lock guards the map and the number, and no digest is calculated under it.
 */
public final class SeenValues {
  /** The version of the first value of a name. */
  public static final String FIRST = "unversioned";

  private static final int MOST = 20_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final ReentrantLock lock = new ReentrantLock();
  private long number = 1;
  private final Map<String, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);

  /** A value as it was seen last, and its version. */
  private record Seen(byte[] digest, String version) {}

  /** Makes an empty memory with a key of its own. */
  public SeenValues() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, ALGORITHM);
  }

  /**
   * The version of a value.
   *
   * @param place where it is: a path and a field
   */
  public String version(String place, SecretValue value) {
    byte[] digest = digest(value);
    lock.lock();
    try {
      Seen last = seen.get(place);
      if (last != null && MessageDigest.isEqual(last.digest(), digest)) {
        return last.version();
      }
      String version = last == null ? FIRST : FIRST + "-" + ++number;
      seen.put(place, new Seen(digest, version));
      if (seen.size() > MOST) {
        seen.remove(seen.keySet().iterator().next()); // the one that was asked for longest ago
      }
      return version;
    } finally {
      lock.unlock();
    }
  }

  private byte[] digest(SecretValue value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return value.useBytes(
          bytes -> {
            mac.update(bytes);
            return mac.doFinal();
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "SeenValues[redacted]";
  }
}
