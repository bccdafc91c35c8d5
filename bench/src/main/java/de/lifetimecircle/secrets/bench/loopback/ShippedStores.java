package de.lifetimecircle.secrets.bench.loopback;

import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens the stores that are shipped, as the library does it. Stateless. */
public final class ShippedStores {
  private ShippedStores() {}

  /** Opens the store of a scheme with settings written as in a file. */
  public static SecretStore open(String scheme, Map<String, String> settings, Duration timeout) {
    Map<String, String> own = new HashMap<>();
    settings.forEach((key, value) -> own.put(key.substring(scheme.length() + 1), value));
    SecretStoreFactory factory =
        ServiceLoader.load(SecretStoreFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.scheme().equals(scheme))
            .findFirst()
            .orElseThrow();
    return factory.open(
        new StoreConfig(own, variable -> Optional.empty(), timeout, InstantSource.system()));
  }
}
