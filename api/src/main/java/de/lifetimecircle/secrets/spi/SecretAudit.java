package de.lifetimecircle.secrets.spi;

import java.util.Optional;

/**
 * Logs the requests to a store. {@link java.util.ServiceLoader} finds it if the setting {@code
 * audit.log} is set, so it needs a public constructor without parameters.
 *
 * <pre>{@code
 * abstract class ExampleAudit implements SecretAudit {
 *   abstract SecretStore logging(SecretStore store, Path log); // has the abilities of the store
 *
 *   @Override
 *   public SecretStore around(SecretStore store, String scheme, StoreConfig settings) {
 *     return logging(store, Path.of(settings.get("log").orElseThrow()));
 *   }
 * }
 * }</pre>
 */
public interface SecretAudit {
  /**
   * Wraps a store so that its requests are logged.
   *
   * @param store the store to log, which the returned one owns and closes
   * @param scheme the word for the backend
   * @param settings {@code log} and {@code principal}, as they follow {@code audit.}
   * @return a store that answers as the given one and has exactly its abilities
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the log cannot be
   *     written
   */
  SecretStore around(SecretStore store, String scheme, StoreConfig settings);

  /**
   * Opens a log of the readers for whom a program asks, such as the agent. It goes to the same
   * place as the requests to the store.
   *
   * @param scheme the word for the backend
   * @param settings as for {@link #around}
   * @return the log; empty if this audit keeps none of readers
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the log cannot be
   *     written
   */
  default Optional<ReaderAudit> readers(String scheme, StoreConfig settings) {
    return Optional.empty();
  }
}
