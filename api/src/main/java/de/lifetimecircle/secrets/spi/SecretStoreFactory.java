package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * Opens the store of one scheme; found by {@link java.util.ServiceLoader}, so it has a public
 * constructor without parameters. Its name is in {@code
 * META-INF/services/de.lifetimecircle.secrets.spi.SecretStoreFactory}.
 *
 * <pre>{@code
 * abstract class ExampleStoreFactory implements SecretStoreFactory {
 *   abstract SecretStore connectingTo(URI url, Duration timeout); // your store
 *
 *   @Override
 *   public String scheme() {
 *     return "example";
 *   }
 *
 *   @Override
 *   public List<ConfigKey> keys() {
 *     return List.of(ConfigKey.of("url", "The address of the server."));
 *   }
 *
 *   @Override
 *   public SecretStore open(StoreConfig config) {
 *     ConfigProblems problems = new ConfigProblems();
 *     String url = config.get("url").orElse("");
 *     if (!url.startsWith("https://")) {
 *       problems.add("example.url: '" + url + "' (expected: https://HOST)");
 *     }
 *     problems.throwIfAny();
 *     return connectingTo(URI.create(url), config.timeout());
 *   }
 * }
 * }</pre>
 */
public interface SecretStoreFactory {
  /**
   * The word that selects this backend: {@code backend=SCHEME}.
   *
   * @return lower-case letters; no two jars on a class path share one
   */
  String scheme();

  /**
   * Describes the settings of the backend. A key that is not in the list is reported as a mistake
   * of the configuration.
   *
   * @return every setting that {@link #open} reads, in the order of its documentation
   */
  List<ConfigKey> keys();

  /**
   * The backend's list price for 10,000 requests: an estimate for {@code stats()}, which the
   * setting {@code call-price} replaces.
   *
   * @return US dollars; 0 unless overridden
   */
  default double dollarsPer10000Requests() {
    return 0;
  }

  /**
   * Checks the settings and makes a store. Does no I/O, so that a service starts while its backend
   * is down.
   *
   * @param config the settings of {@link #keys()} that are set, and the timeout of a call
   * @return a new store, which the caller owns and closes
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} with all mistakes at
   *     once
   */
  SecretStore open(StoreConfig config);
}
