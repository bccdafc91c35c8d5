package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.EnumSet;
import java.util.Set;

/** The whole contract, on a store that can do everything. */
final class FakeStoreContractTest extends SecretStoreContract {
  private final FakeStore store = FakeStore.create().numberingEachName();

  @Override
  public String scheme() {
    return "fake";
  }

  @Override
  public SecretStore open() {
    return store.secondClient();
  }

  @Override
  public Set<Capability> declared() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(65_536, MemoryBackend.MAX_NAME);
  }

  @Override
  public FaultSwitch faults() {
    return new FakeFaults(store);
  }
}
