package de.lifetimecircle.secrets.spi;

import java.util.Optional;

/**
 * Logs the requests to a store. {@link java.util.ServiceLoader} finds it if the setting {@code
 * audit.log} is set, so it needs a public constructor without parameters.
 */
public interface SecretAudit {
  /**
   * Returns a store that answers as the given one, has exactly its abilities, owns it, and logs the
   * requests.
   *
   * @param scheme the word for the backend
   * @param settings {@code log} and {@code principal}, as they follow {@code audit.}
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the log cannot be
   *     written
   */
  SecretStore around(SecretStore store, String scheme, StoreConfig settings);

  /**
   * Returns a log of the readers for whom a program asks, such as the agent. It goes to the same
   * place as the requests to the store.
   *
   * @param scheme the word for the backend
   * @param settings as for {@link #around}
   * @return empty unless this audit has such a log
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the log cannot be
   *     written
   */
  default Optional<ReaderAudit> readers(String scheme, StoreConfig settings) {
    return Optional.empty();
  }
}
