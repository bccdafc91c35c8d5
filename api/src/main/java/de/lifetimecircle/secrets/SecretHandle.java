package de.lifetimecircle.secrets;

/**
 * The current version of one name, kept fresh in the background, for code that reads it very often.
 *
 * <pre>{@code
 * try (SecretProvider secrets = SecretProvider.open();
 *     SecretHandle key = secrets.handle("SIGNING_KEY")) {
 *   for (int request = 0; request < 1_000_000; request++) {
 *     SecretValue now = key.get().value(); // a field read; follows a rotation by itself
 *   }
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. A handle follows rotation. Its name is kept fresh until the
 * handle is closed, until the garbage collector finds that the program has no reference to it any
 * more, or until its provider closes.
 */
public interface SecretHandle extends AutoCloseable {
  /**
   * The name of the secret.
   *
   * @return the name that {@link SecretProvider#handle} was called with
   */
  String name();

  /**
   * Reads the current secret: a field read while one is held; otherwise as {@link
   * SecretProvider#get(String)}, and then it may block.
   *
   * @return the newest version that the provider knows
   * @throws SecretException as {@link SecretProvider#get(String)}; {@code CLOSED} after {@link
   *     #close}, which another thread may see a moment late
   */
  Secret get();

  /**
   * Lets the name go, which is then kept fresh only as long as callers read it. Does not block;
   * closing twice is harmless.
   */
  @Override
  void close();
}
