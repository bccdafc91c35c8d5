package de.lifetimecircle.secrets.azure;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.List;

/**
 * Opens a store in Azure Key Vault.
 *
 * <p>Only {@code vault-url} must be set; the login is then found as other Azure programs find it.
 * Safe for use by several threads; does no I/O.
 */
@AutoService(SecretStoreFactory.class)
public final class AzureStoreFactory implements SecretStoreFactory {
  /** For {@link java.util.ServiceLoader}. */
  public AzureStoreFactory() {}

  @Override
  public String scheme() {
    return Failures.SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return Settings.KEYS;
  }

  /**
   * Of azure.microsoft.com/pricing/details/key-vault, as public pages quote it; read 2026-11-24.
   */
  @Override
  public double dollarsPer10000Requests() {
    return 0.03;
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return new AzureStore(Settings.of(config));
  }
}
