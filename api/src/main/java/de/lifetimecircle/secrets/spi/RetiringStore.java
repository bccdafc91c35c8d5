package de.lifetimecircle.secrets.spi;

/**
 * A store that can stop accepting a version which was served before.
 *
 * <pre>{@code
 * try (SecretWriter writer = SecretWriter.open()) {
 *   String old =
 *       writer.provider().get("DB_PASSWORD", VersionSelector.stage(Stage.PREVIOUS)).version();
 *   RetiringStore store = writer.unwrap(RetiringStore.class).orElseThrow();
 *   store.retire("DB_PASSWORD", old); // leaked: verifiers accept it no longer
 * }
 * }</pre>
 */
public interface RetiringStore extends SecretStore {
  /**
   * Retires that version: neither it nor an older one is the previous version any longer. The
   * current value stays the same, although a store may move it to a copy of the version. Never
   * displaces a version that another writer makes current meanwhile.
   *
   * @param name the name with the setting {@code prefix}
   * @param version the id of the previous version; for any other one that is not current, this does
   *     nothing
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND};
   *     {@code CONFLICT} if that version is the current one
   */
  void retire(String name, String version);
}
