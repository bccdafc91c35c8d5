package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.Map;
import java.util.Set;

/** A store without secrets. */
public final class NoStore implements SecretStore {
  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public StoredSecret fetch(String name) {
    throw SecretException.of(SecretException.Kind.NOT_FOUND, "fetch secret").name(name).build();
  }

  @Override
  public Map<String, String> describe(String name) {
    return Map.of();
  }

  @Override
  public Map<String, String> check() {
    return Map.of();
  }

  @Override
  public void close() {}
}
