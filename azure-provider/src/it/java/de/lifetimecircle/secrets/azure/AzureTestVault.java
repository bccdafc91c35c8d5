package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings for a store, and what tests do with one. */
final class AzureTestVault {
  final Map<String, String> settings = new LinkedHashMap<>();
  final Map<String, String> environment = new HashMap<>();
  Duration timeout = Duration.ofSeconds(10);
  InstantSource clock = InstantSource.system();

  /** Of the test server, reached at that address, with the login of its client. */
  static AzureTestVault of(KeyVaultServer server, URI address, Path caFile) {
    AzureTestVault vault = new AzureTestVault();
    Backend backend = Backend.of(server, caFile);
    for (Map<String, String> part : List.of(backend.place(), backend.login())) {
      part.forEach((key, value) -> vault.with(key.substring("azure.".length()), value));
    }
    return vault.with("vault-url", address.toString()).with("authority", address.toString());
  }

  AzureTestVault with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  AzureTestVault without(String key) {
    settings.remove(key);
    return this;
  }

  AzureTestVault within(Duration time) {
    timeout = time;
    return this;
  }

  StoreConfig config() {
    return new StoreConfig(
        settings, name -> Optional.ofNullable(environment.get(name)), timeout, clock);
  }

  AzureStore open() {
    return (AzureStore) new AzureStoreFactory().open(config());
  }

  static String put(AzureStore store, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return store.put(PutRequest.always(name, value)).version();
    }
  }

  static String get(SecretStore store, String name) {
    return text(store.fetch(name));
  }

  static String text(StoredSecret secret) {
    try (SecretValue value = secret.value()) {
      return value.asString();
    }
  }
}
