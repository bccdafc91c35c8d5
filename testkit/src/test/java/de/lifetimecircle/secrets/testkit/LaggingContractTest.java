package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.EnumSet;
import java.util.Set;

/** The contract on a store that shows a write some time after it has acknowledged it. */
final class LaggingContractTest extends SecretStoreContract {
  private static final Set<Capability> DECLARED =
      EnumSet.complementOf(EnumSet.of(Capability.READ_AFTER_WRITE));

  private final LaggingBackend backend = new LaggingBackend(DECLARED.toArray(Capability[]::new));

  @Override
  public String scheme() {
    return "lagging";
  }

  @Override
  public SecretStore open() {
    return backend.open();
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(65_536, MemoryBackend.MAX_NAME);
  }
}
