package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;

/** Opens the store in memory that the test of this thread has put here. */
public final class FakeStoreFactory implements SecretStoreFactory {
  static final InheritableThreadLocal<FakeStore> STORE = new InheritableThreadLocal<>();

  @Override
  public String scheme() {
    return "fake";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.of("region", "Where it is"), ConfigKey.secret("token", "How it lets us in"));
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return STORE.get().secondClient();
  }
}
