package de.lifetimecircle.secrets.microprofile;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;

/** A backend that a configuration names by a word, as users do; the tests hold its store. */
@AutoService(SecretStoreFactory.class)
public final class TestBackendFactory implements SecretStoreFactory {
  static FakeStore store = FakeStore.create();

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of();
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return store.secondClient();
  }
}
