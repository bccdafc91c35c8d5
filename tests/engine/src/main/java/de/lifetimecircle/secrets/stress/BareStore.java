package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.Map;

/** The common part of the stores of races and storms: no test describes, checks or closes one. */
public abstract class BareStore implements SecretStore {
  @Override
  public final Map<String, String> describe(String name) {
    return Map.of();
  }

  @Override
  public final Map<String, String> check() {
    return Map.of();
  }

  @Override
  public final void close() {}
}
