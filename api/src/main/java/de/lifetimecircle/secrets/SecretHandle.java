package de.lifetimecircle.secrets;

/**
 * The current version of one name, kept fresh in the background, for code that reads it very often.
 *
 * <p>Safe for use by several threads. A handle follows rotation. Its name is kept fresh until the
 * handle is closed, until the garbage collector finds that nobody has it any more, or until its
 * provider closes.
 */
public interface SecretHandle extends AutoCloseable {
  /** The name. */
  String name();

  /**
   * The current secret: a field read while one is held; otherwise as {@link
   * SecretProvider#get(String)}.
   *
   * @throws SecretException as {@link SecretProvider#get(String)}; {@code CLOSED} after {@link
   *     #close}, which another thread may see a moment late
   */
  Secret get();

  /**
   * Lets the name go, which is then kept fresh only as long as somebody reads it. Does not block;
   * closing twice is harmless.
   */
  @Override
  void close();
}
