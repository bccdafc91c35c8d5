package de.lifetimecircle.secrets.operations.generation;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;

/**
 * Opens the operating system's generator of random bytes. Stateless.
 *
 * <p>{@code new SecureRandom()} returns the first generator in the security properties of the JVM,
 * which may be one of Java's own that was seeded once. {@code getInstanceStrong()} reads {@code
 * /dev/random}, which since Linux 5.6 gives the same stream as {@code /dev/urandom} once it is
 * seeded, and on older kernels blocks without giving better bytes. So this class requests the
 * generators of the system's non-blocking device by name: NativePRNGNonBlocking (Linux, macOS) and
 * Windows-PRNG. If a JVM has neither, it uses the strong instance, which may block.
 */
public final class SystemRandom {
  private static final List<String> SYSTEMS = List.of("NativePRNGNonBlocking", "Windows-PRNG");

  private SystemRandom() {}

  /**
   * Returns a generator; safe for use by several threads.
   *
   * @throws IllegalStateException if the JVM has no strong generator, which its specification rules
   *     out
   */
  public static SecureRandom open() {
    for (String algorithm : SYSTEMS) {
      try {
        return SecureRandom.getInstance(algorithm);
      } catch (NoSuchAlgorithmException expected) {
        // the generator of another system
      }
    }
    try {
      return SecureRandom.getInstanceStrong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no strong random generator", e);
    }
  }
}
