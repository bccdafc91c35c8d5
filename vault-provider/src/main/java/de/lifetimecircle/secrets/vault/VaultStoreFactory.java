package de.lifetimecircle.secrets.vault;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
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
    return VaultErrors.SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return VaultKeys.ALL;
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return new VaultStore(VaultConfig.of(config));
  }
}
