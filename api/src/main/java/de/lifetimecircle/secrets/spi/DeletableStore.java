package de.lifetimecircle.secrets.spi;

/** A store that deletes; goes with {@link Capability#DELETE}. */
public interface DeletableStore extends SecretStore {
  /**
   * Deletes a secret with all its versions.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}
   */
  void delete(String name);

  /**
   * Brings a deleted secret back and returns only when it can be read; goes with {@link
   * Capability#RESTORE}.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is
   *     not deleted, {@code UNSUPPORTED}
   */
  void restore(String name);

  /**
   * Removes the data that a restore would need; goes with {@link Capability#PURGE}.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is
   *     not deleted, {@code UNSUPPORTED}
   */
  void purge(String name);
}
