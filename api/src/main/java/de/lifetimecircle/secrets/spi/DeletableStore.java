package de.lifetimecircle.secrets.spi;

/**
 * A store that deletes; goes with {@link Capability#DELETE}. A backend that deletes at once and for
 * good implements {@link #restore} and {@link #purge} by a failure:
 *
 * <pre>{@code
 * throw StoreFailure.of(SecretException.Kind.UNSUPPORTED, "it cannot restore a secret", null)
 *     .toException("example", "restore secret", "DB_PASSWORD");
 * }</pre>
 */
public interface DeletableStore extends SecretStore {
  /**
   * Deletes a secret with all its versions.
   *
   * @param name the name with the setting {@code prefix}
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}
   */
  void delete(String name);

  /**
   * Brings a deleted secret back and returns only when it can be read; goes with {@link
   * Capability#RESTORE}.
   *
   * @param name the name with the setting {@code prefix}
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is
   *     not deleted, {@code UNSUPPORTED}
   */
  void restore(String name);

  /**
   * Removes the data that a restore would need; goes with {@link Capability#PURGE}.
   *
   * @param name the name with the setting {@code prefix}
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is
   *     not deleted, {@code UNSUPPORTED}
   */
  void purge(String name);
}
