package de.lifetimecircle.secrets.spi;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A backend. Knows nothing of cache, retries, overrides or validation: the pipeline does these once
 * for all.
 *
 * <p>Safe for use by several threads. A call may block; when its thread is interrupted it ends
 * soon, restores the flag and fails with {@code INTERRUPTED}. Every failure is a {@link
 * de.lifetimecircle.secrets.SecretException} whose kind was decided here, where the backend's
 * answer is known, and whose text and cause hold no value and no credential. A store retries
 * nothing.
 */
public interface SecretStore extends AutoCloseable {

  /** The value of {@link #scheme} for a store without a scheme. */
  String NO_SCHEME = "store";

  /**
   * Returns the word for this backend in messages and metrics where the store was made in code and
   * not by its factory. Does not block.
   *
   * @return lower-case letters, digits and hyphens; {@link #NO_SCHEME} unless a store says
   *     otherwise
   */
  default String scheme() {
    return NO_SCHEME;
  }

  /** Returns this store's capabilities; the same at every call. */
  Set<Capability> capabilities();

  /**
   * Reads the current version.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code PENDING_DELETION},
   *     {@code ACCESS_DENIED} and the other kinds
   */
  StoredSecret fetch(String name);

  /**
   * Facts of one secret for people, without reading its value. A key is lower-case words, such as
   * {@code content type}; after a colon a name of the backend's, such as {@code label:AWSCURRENT}.
   *
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  Map<String, String> describe(String name);

  /**
   * Asks the backend whether it answers and the credentials are good, as cheaply as it can.
   *
   * @return facts for people, in the order to show them, with keys as in {@link #describe}
   * @throws de.lifetimecircle.secrets.SecretException if the check fails; says why
   */
  Map<String, String> check();

  /**
   * Returns the number of requests sent to the backend so far, without logins: the number that a
   * backend bills. Does not block.
   *
   * @return empty if this store does not count them
   */
  default OptionalLong requests() {
    return OptionalLong.empty();
  }

  /** Frees connections, threads and keys; closing twice is harmless, never throws. */
  @Override
  void close();
}
