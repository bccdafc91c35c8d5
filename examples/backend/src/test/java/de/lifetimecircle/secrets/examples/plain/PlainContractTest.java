package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The example passes the contract as every backend has to. */
final class PlainContractTest extends SecretStoreContract {
  @TempDir private Path folder;

  @Override
  public String scheme() {
    return "plain";
  }

  @Override
  public SecretStore open() {
    return new PlainStoreFactory()
        .open(
            new StoreConfig(
                Map.of("folder", folder.toString()),
                variable -> Optional.empty(),
                timeout(),
                InstantSource.system()));
  }

  @Override
  public Set<Capability> declared() {
    return PlainStore.CAPABILITIES;
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(PlainStore.MAX_BYTES, PlainNames.MAX);
  }
}
