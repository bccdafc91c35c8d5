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
 *
 * <p>A name comes with the setting {@code prefix}: the backend has it as it is. The smallest store
 * that works reads only:
 *
 * <pre>{@code
 * record Environment(Map<String, String> variables) implements SecretStore {
 *   @Override
 *   public Set<Capability> capabilities() {
 *     return Set.of();
 *   }
 *
 *   @Override
 *   public StoredSecret fetch(String name) {
 *     String text = variables.get(name);
 *     if (text == null) {
 *       throw StoreFailure.of(SecretException.Kind.NOT_FOUND, "it is not set", "Set it")
 *           .toException("env", "fetch secret", name);
 *     }
 *     return new StoredSecret(SecretValue.of(text), "1", Instant.EPOCH);
 *   }
 *
 *   @Override
 *   public Map<String, String> describe(String name) {
 *     fetch(name).value().close(); // fails as a read does
 *     return Map.of("variable", name);
 *   }
 *
 *   @Override
 *   public Map<String, String> check() {
 *     return Map.of("variables", String.valueOf(variables.size()));
 *   }
 *
 *   @Override
 *   public void close() {}
 * }
 * SecretProvider secrets =
 *     SecretProvider.builder().store(new Environment(System.getenv())).build();
 * }</pre>
 */
public interface SecretStore extends AutoCloseable {

  /** The value of {@link #scheme} for a store without a scheme. */
  String NO_SCHEME = "store";

  /**
   * The word for this backend in messages and metrics where the store was made in code and not by
   * its factory. Does not block.
   *
   * @return lower-case letters, digits and hyphens; {@link #NO_SCHEME} unless a store says
   *     otherwise
   */
  default String scheme() {
    return NO_SCHEME;
  }

  /**
   * Declares the abilities that this store has. Each is also an interface that the store implements
   * or a promise about its methods. Does not block.
   *
   * @return the same set at every call; empty for a store that only reads the current version
   */
  Set<Capability> capabilities();

  /**
   * Reads the current version.
   *
   * @param name the name with the setting {@code prefix}; a store rejects characters that its
   *     backend does not take as {@code BAD_NAME}
   * @return the version at this moment; the receiver owns and closes its value
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code PENDING_DELETION},
   *     {@code ACCESS_DENIED} and the other kinds
   */
  StoredSecret fetch(String name);

  /**
   * Reads the facts of one secret for people, without its value.
   *
   * @param name the name with the setting {@code prefix}
   * @return facts in the order to show them. A key is lower-case words, such as {@code content
   *     type}; after a colon a name of the backend's, such as {@code label:AWSCURRENT}
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  Map<String, String> describe(String name);

  /**
   * Asks the backend whether it answers and the credentials are good, as cheaply as it can.
   *
   * @return facts for people, in the order to show them, with keys as in {@link #describe}, and
   *     those of {@link CheckFacts} where one fits
   * @throws de.lifetimecircle.secrets.SecretException if the check fails; says why
   */
  Map<String, String> check();

  /**
   * Returns the settings that say where the secrets are, as this store has resolved them: also from
   * variables and files of its vendor. {@link de.lifetimecircle.secrets.SecretProvider#settings}
   * shows them. Does not block.
   *
   * @return the values by key without the scheme, such as {@code region}; empty unless a store says
   *     otherwise
   */
  default Map<String, String> place() {
    return Map.of();
  }

  /**
   * Counts the requests sent to the backend so far, without logins. Does not block.
   *
   * @return the number that a backend bills; empty if this store does not count them
   */
  default OptionalLong requests() {
    return OptionalLong.empty();
  }

  /** Frees connections, threads and keys; closing twice is harmless, never throws. */
  @Override
  void close();
}
