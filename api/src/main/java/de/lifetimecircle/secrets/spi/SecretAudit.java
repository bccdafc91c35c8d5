package de.lifetimecircle.secrets.spi;

/**
 * Writes down what is asked of a store; found by {@link java.util.ServiceLoader} where the setting
 * {@code audit.log} is there, so it has a public constructor without parameters.
 */
public interface SecretAudit {
  /**
   * A store that answers as the given one does, has exactly its abilities, owns it, and writes down
   * what is asked of it.
   *
   * @param scheme the word for the backend
   * @param settings {@code log} and {@code principal}, as they follow {@code audit.}
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the log cannot be
   *     written
   */
  SecretStore around(SecretStore store, String scheme, StoreConfig settings);
}
