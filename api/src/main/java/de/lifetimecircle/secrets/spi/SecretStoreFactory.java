package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * Opens the store of one scheme; found by {@link java.util.ServiceLoader}, so it has a public
 * constructor without parameters.
 */
public interface SecretStoreFactory {
  /** The word that selects this backend: {@code backend=SCHEME}. Lower-case letters. */
  String scheme();

  /** Every setting the backend knows, in the order of its documentation. */
  List<ConfigKey> keys();

  /**
   * Returns the backend's list price for 10,000 requests, in US dollars. An estimate for {@code
   * stats()}; {@code call-price} replaces it.
   */
  default double dollarsPer10000Requests() {
    return 0;
  }

  /**
   * Checks the settings and makes a store. Does no I/O, so that a service starts while its backend
   * is down.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} with all mistakes at
   *     once
   */
  SecretStore open(StoreConfig config);
}
