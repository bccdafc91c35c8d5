package de.lifetimecircle.secrets.kafka;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend that a configuration names by a word, as users do. */
@AutoService(SecretStoreFactory.class)
public final class TestBackendFactory implements SecretStoreFactory {
  private static final FakeStore STORE = FakeStore.create();

  /** What a store does when it closes. */
  static volatile Runnable closing = () -> {};

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
    return new Store(STORE.secondClient());
  }

  private record Store(FakeStore fake) implements SecretStore {
    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      return fake.fetch(name);
    }

    @Override
    public Map<String, String> describe(String name) {
      return fake.describe(name);
    }

    @Override
    public Map<String, String> check() {
      return fake.check();
    }

    @Override
    public void close() {
      closing.run();
      fake.close();
    }
  }
}
