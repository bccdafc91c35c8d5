package de.lifetimecircle.secrets;

import java.util.Optional;

/**
 * Writes secrets. It is separate from {@link SecretProvider}, so that a service that only reads
 * cannot write by accident.
 *
 * <p>A rotation stores the new value as pending, tells the other side of it, and then promotes it:
 *
 * <pre>{@code
 * try (SecretWriter writer = SecretWriter.open();
 *     SecretValue next = SecretValue.of("a-new-password")) {
 *   PutResult pending = writer.putPending("DB_PASSWORD", next);
 *   // ... set the password in the database here ...
 *   writer.promote("DB_PASSWORD", pending.version());
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Every method blocks until the backend has acknowledged the
 * write, at most for {@code timeout}; a write is never repeated blindly. Every value is validated
 * by the rules of its name before it is sent. {@link #provider()} serves the written value next:
 * neither a writer nor its provider sees a local override, whatever the setting {@code overrides}
 * says, so that no override is ever written into a backend.
 *
 * <p>A value stays the caller's, who closes it after the call. A name is as {@link SecretProvider}
 * takes it, without the setting {@code prefix}.
 *
 * <p>Every method throws {@link SecretException}: {@code CLOSED}, {@code BAD_NAME}, {@code
 * UNSUPPORTED} where the backend lacks the ability, {@code ACCESS_DENIED}, {@code TIMEOUT}, and the
 * kinds that its own text names.
 */
public interface SecretWriter extends AutoCloseable {

  /**
   * Opens a writer as the configuration says; see {@link SecretProvider#open()}.
   *
   * @return a new writer, which the caller closes
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  static SecretWriter open() {
    return SecretProvider.builder().buildWriter();
  }

  /**
   * Gives access to the reader over the same backend and cache, without overrides.
   *
   * @return the same one at every call; closed with the writer
   */
  SecretProvider provider();

  /**
   * Makes the value the current version, whatever was there. An identical current value makes no
   * new version.
   *
   * @param name the name; it may be new
   * @param value the bytes to store
   * @return the id of the current version after the write, and whether this write made it
   * @throws SecretException {@code INVALID_VALUE}, {@code TOO_LARGE}
   */
  PutResult put(String name, SecretValue value);

  /**
   * Stores the value only if the name is new.
   *
   * @param name the name, which must not exist yet
   * @param value the bytes to store
   * @return the id of the first version
   * @throws SecretException {@code CONFLICT} if the name exists, {@code PENDING_DELETION} if it is
   *     deleted and restorable, {@code INVALID_VALUE}, {@code TOO_LARGE}
   */
  PutResult create(String name, SecretValue value);

  /**
   * Stores the value only if the current version is still that one: a compare-and-set.
   *
   * @param name the name, which must exist
   * @param version the id that {@link Secret#version()} had when the caller read the old value
   * @param value the bytes to store
   * @return the id of the version that is now current
   * @throws SecretException {@code CONFLICT} if it is another one, {@code INVALID_VALUE}, {@code
   *     TOO_LARGE}
   */
  PutResult putIfVersion(String name, String version, SecretValue value);

  /**
   * Stores the value as the pending version, which is not served before it is promoted; replaces an
   * earlier pending one.
   *
   * @param name the name, which must exist
   * @param value the bytes to store
   * @return the id of the pending version, for {@link #promote}; {@code UNCHANGED} if the pending
   *     version has this value already
   * @throws SecretException {@code NOT_FOUND} if the name is new, {@code INVALID_VALUE}, {@code
   *     TOO_LARGE}
   */
  PutResult putPending(String name, SecretValue value);

  /**
   * Makes a stored version the current one; the one that was current becomes the previous.
   *
   * @param name the name, which must exist
   * @param version the id of a version that the backend still keeps, mostly the pending one
   * @throws SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND}
   */
  void promote(String name, String version);

  /**
   * Makes the previous version the current one again.
   *
   * @param name the name, which must exist
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
   * that another writer makes current meanwhile.
   *
   * @param name the name, which must exist
   * @param version the id of the previous version; for any other one that is not current, this does
   *     nothing
   * @throws SecretException {@code NOT_FOUND}, {@code CONFLICT} if that version is the current one
   */
  void retire(String name, String version);

  /**
   * Tells every process that listens to the channel of the setting {@code push} that this version
   * is now the current one, so that those that hold the name ask the backend within seconds. Sends
   * the name and the version, never a value. Blocks until the channel has taken the message; it may
   * still be lost, and then the processes learn of the version by polling.
   *
   * @param name the name, 1 to 1024 characters with the setting {@code prefix}
   * @param version the id of the version that was made current, 1 to 1024 characters
   * @throws SecretException {@code UNSUPPORTED} if no channel is configured, {@code UNAVAILABLE} or
   *     {@code UNAUTHENTICATED} if it does not take the message
   * @throws IllegalArgumentException if the name or the version is empty or over 1024 characters
   */
  void announce(String name, String version);

  /**
   * Deletes a secret with all its versions; where the backend can, it can be restored for a time.
   *
   * @param name the name, which must exist
   * @throws SecretException {@code NOT_FOUND}
   */
  void delete(String name);

  /**
   * Brings a deleted secret back with all its versions. Blocks until it can be read again.
   *
   * @param name the name of a deleted secret
   * @throws SecretException {@code NOT_FOUND} if there is nothing to restore, {@code CONFLICT} if
   *     it is not deleted
   */
  void restore(String name);

  /**
   * Ends the time in which a deleted secret can be restored: its values are gone for good.
   *
   * @param name the name of a deleted secret
   * @throws SecretException {@code NOT_FOUND}, {@code CONFLICT} if it is not deleted
   */
  void purge(String name);

  /**
   * Gives access to an ability of the backend that this interface does not cover; calls on it
   * bypass cache, validation and the setting {@code prefix}.
   *
   * @param <T> the type of the ability
   * @param ability an interface of the package {@code spi}, such as {@link
   *     de.lifetimecircle.secrets.spi.RecipientStore}
   * @return the backend as that type; empty if it lacks the ability
   */
  <T> Optional<T> unwrap(Class<T> ability);

  /** Closes the writer and its provider; closing twice is harmless. */
  @Override
  void close();
}
