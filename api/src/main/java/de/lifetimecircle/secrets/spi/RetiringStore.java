package de.lifetimecircle.secrets.spi;

/** A store that can stop accepting a version which was served before. */
public interface RetiringStore extends SecretStore {
  /**
   * Takes that version back: neither it nor an older one is the previous version any more. What is
   * current keeps its value, though a store may give it to a copy. Never displaces a version that
   * somebody else makes current meanwhile. Does nothing where that version is not the previous one.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND};
   *     {@code CONFLICT} if that version is the current one
   */
  void retire(String name, String version);
}
