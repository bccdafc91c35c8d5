package de.lifetimecircle.secrets;

import java.util.Optional;

/**
 * Writes secrets. It is separate from {@link SecretProvider}, so that a service that only reads
 * cannot write by accident.
 *
 * <p>Safe for use by several threads. Every method blocks until the backend has acknowledged the
 * write, at most for {@code timeout}; a write is never repeated blindly. Every value is validated
 * by the rules of its name before it is sent. {@link #provider()} serves the written value next:
 * neither a writer nor its provider sees a local override, whatever the setting {@code overrides}
 * says, so that no override is ever written into a backend.
 *
 * <p>Every method throws {@link SecretException}: {@code CLOSED}, {@code BAD_NAME}, {@code
 * UNSUPPORTED} where the backend lacks the ability, {@code ACCESS_DENIED}, {@code TIMEOUT}, and the
 * kinds that its own text names.
 */
public interface SecretWriter extends AutoCloseable {

  /**
   * Opens a writer as the configuration says; see {@link SecretProvider#open()}.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  static SecretWriter open() {
    return SecretProvider.builder().buildWriter();
  }

  /** The reader over the same backend and cache, without overrides; closed with the writer. */
  SecretProvider provider();

  /**
   * Makes the value the current version, whatever was there. An identical current value makes no
   * new version.
   *
   * @throws SecretException {@code INVALID_VALUE}, {@code TOO_LARGE}
   */
  PutResult put(String name, SecretValue value);

  /**
   * Stores the value only if the name is new.
   *
   * @throws SecretException {@code CONFLICT} if the name exists, {@code PENDING_DELETION} if it is
   *     deleted and restorable, {@code INVALID_VALUE}, {@code TOO_LARGE}
   */
  PutResult create(String name, SecretValue value);

  /**
   * Stores the value only if the current version is still that one.
   *
   * @throws SecretException {@code CONFLICT} if it is another one, {@code INVALID_VALUE}, {@code
   *     TOO_LARGE}
   */
  PutResult putIfVersion(String name, String version, SecretValue value);

  /**
   * Stores the value as the pending version, which is not served before it is promoted; replaces an
   * earlier pending one.
   *
   * @throws SecretException {@code NOT_FOUND} if the name is new, {@code INVALID_VALUE}, {@code
   *     TOO_LARGE}
   */
  PutResult putPending(String name, SecretValue value);

  /**
   * Makes a stored version the current one; the one that was current becomes the previous.
   *
   * @throws SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND}
   */
  void promote(String name, String version);

  /**
   * Makes the previous version the current one again.
   *
   * @return the id of the version that is now current
   * @throws SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND} if there is no previous
   *     one
   */
  String rollback(String name);

  /**
   * Lets a version that was served before be accepted no longer: {@link
   * SecretProvider#validVersions} does not have it any more. The store of files takes the stage off
   * it; on AWS a copy of the current version becomes current, so that the one before is of the same
   * value; Key Vault disables the old version, and Vault deletes it. Never overwrites a version
   * that another writer makes current meanwhile. Does nothing where that version is not the
   * previous one.
   *
   * @throws SecretException {@code NOT_FOUND}, {@code CONFLICT} if that version is the current one
   */
  void retire(String name, String version);

  /**
   * Tells every process that listens to the channel of the setting {@code push} that this version
   * is now the current one, so that those that hold the name ask the backend within seconds. Sends
   * the name and the version, never a value. Blocks until the channel has taken the message; it may
   * still be lost, and then the processes learn of the version by polling.
   *
   * @throws SecretException {@code UNSUPPORTED} if no channel is configured, {@code UNAVAILABLE} or
   *     {@code UNAUTHENTICATED} if it does not take the message
   * @throws IllegalArgumentException if the name or the version is empty or over 1024 characters
   */
  void announce(String name, String version);

  /**
   * Deletes a secret with all its versions; where the backend can, it can be restored for a time.
   *
   * @throws SecretException {@code NOT_FOUND}
   */
  void delete(String name);

  /**
   * Brings a deleted secret back with all its versions.
   *
   * @throws SecretException {@code NOT_FOUND} if there is nothing to restore, {@code CONFLICT} if
   *     it is not deleted
   */
  void restore(String name);

  /**
   * Ends the time in which a deleted secret can be restored: its values are gone for good.
   *
   * @throws SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is not deleted
   */
  void purge(String name);

  /**
   * An ability of the backend that this interface does not cover, such as {@link
   * de.lifetimecircle.secrets.spi.RecipientStore}; calls on it go round cache and validation.
   */
  <T> Optional<T> unwrap(Class<T> ability);

  /** Closes the writer and its provider; closing twice is harmless. */
  @Override
  void close();
}
