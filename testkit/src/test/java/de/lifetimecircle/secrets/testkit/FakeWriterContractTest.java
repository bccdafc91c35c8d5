package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.EnumSet;
import java.util.Set;

/** The contract on a store without conditions, stages and restore, as a plain key-value one is. */
final class FakeWriterContractTest extends SecretStoreContract {
  private static final Set<Capability> DECLARED =
      EnumSet.of(Capability.WRITE, Capability.LIST, Capability.DELETE, Capability.READ_AFTER_WRITE);

  private final FakeStore store =
      FakeStore.with(DECLARED.toArray(Capability[]::new)).maxBytes(1000);

  @Override
  public String scheme() {
    return "fake-writer";
  }

  @Override
  public SecretStore open() {
    return store.secondClient();
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(1000, MemoryBackend.MAX_NAME);
  }

  @Override
  public FaultSwitch faults() {
    return new FakeFaults(store);
  }
}
