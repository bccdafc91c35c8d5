package de.lifetimecircle.secrets.vault;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.util.List;

/**
 * Opens a store in a KV engine of HashiCorp Vault or OpenBao.
 *
 * <p>Needs an address and a login; both may come from the environment as the command line of Vault
 * has them. Safe for use by several threads; does no I/O.
 */
@AutoService(SecretStoreFactory.class)
public final class VaultStoreFactory implements SecretStoreFactory {
  /** For {@link java.util.ServiceLoader}. */
  public VaultStoreFactory() {}

  @Override
  public String scheme() {
    return Failures.SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return SettingKeys.ALL;
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return new VaultStore(Settings.of(config));
  }
}
