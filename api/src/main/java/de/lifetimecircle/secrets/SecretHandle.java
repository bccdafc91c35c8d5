package de.lifetimecircle.secrets;

/**
 * The current version of one name, kept fresh in the background, for code that reads it very often.
 *
 * <p>Safe for use by several threads. A handle follows rotation and needs no closing; it ends with
 * its provider.
 */
public interface SecretHandle {
  /** The name. */
  String name();

  /**
   * The current secret: a field read while one is held; otherwise as {@link
   * SecretProvider#get(String)}.
   *
   * @throws SecretException as {@link SecretProvider#get(String)}
   */
  Secret get();
}
