package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A store with a secret for every name, at once and from memory: only the cost of the engine
 * remains. Other stores of the benchmarks answer {@link #fetch} in their own way.
 */
public class InstantStore implements SecretStore {
  @Override
  public final Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public StoredSecret fetch(String name) {
    return new StoredSecret(SecretValue.of("value-of-" + name), "1", Instant.EPOCH);
  }

  @Override
  public final Map<String, String> describe(String name) {
    return Map.of();
  }

  @Override
  public final Map<String, String> check() {
    return Map.of();
  }

  @Override
  public final void close() {
    // holds nothing
  }
}
