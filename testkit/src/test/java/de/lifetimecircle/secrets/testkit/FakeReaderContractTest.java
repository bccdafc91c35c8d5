package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.Set;

/** The contract on a store that can only be read: whatever else is asked of it is refused. */
final class FakeReaderContractTest extends SecretStoreContract {
  private final FakeStore store = FakeStore.with();

  @Override
  public String scheme() {
    return "fake-reader";
  }

  @Override
  public SecretStore open() {
    return store.secondClient();
  }

  @Override
  public Set<Capability> declared() {
    return Set.of();
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(65_536, MemoryBackend.MAX_NAME);
  }

  @Override
  public void seed(String name, String text) {
    store.holding(name, text);
  }
}
