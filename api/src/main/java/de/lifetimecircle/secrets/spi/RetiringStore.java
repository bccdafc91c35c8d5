package de.lifetimecircle.secrets.spi;

/**
 * A store that takes back a version which was served before. For one without stages, where what was
 * before the current version stays so else until the next is made.
 */
public interface RetiringStore extends SecretStore {
  /**
   * Lets that version, and every older one, be the previous one no more; the current one stays as
   * it is. Does nothing where it is so already.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND};
   *     {@code CONFLICT} if that version is the current one
   */
  void retire(String name, String version);
}
