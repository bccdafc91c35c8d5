package de.lifetimecircle.secrets.operations.generation;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;

/**
 * The operating system's own generator of random bytes. Stateless.
 *
 * <p>{@code new SecureRandom()} takes whatever the security properties of the JVM put first, which
 * may be a generator of Java's own that was seeded once. {@code getInstanceStrong()} reads {@code
 * /dev/random}, which since Linux 5.6 gives the same stream as {@code /dev/urandom} once it is
 * seeded, and on older kernels blocks without giving better bytes. So the generators that read the
 * system's non-blocking device are asked for by name: NativePRNGNonBlocking (Linux, macOS) and
 * Windows-PRNG. Where a JVM has neither, its strong instance is taken, which may block.
 */
public final class SystemRandom {
  private static final List<String> SYSTEMS = List.of("NativePRNGNonBlocking", "Windows-PRNG");

  private SystemRandom() {}

  /**
   * A generator; safe for use by several threads.
   *
   * @throws IllegalStateException if the JVM has no strong generator, which its specification rules
   *     out
   */
  public static SecureRandom open() {
    for (String algorithm : SYSTEMS) {
      try {
        return SecureRandom.getInstance(algorithm);
      } catch (NoSuchAlgorithmException expected) {
        // That of another system.
      }
    }
    try {
      return SecureRandom.getInstanceStrong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no strong random generator", e);
    }
  }
}
