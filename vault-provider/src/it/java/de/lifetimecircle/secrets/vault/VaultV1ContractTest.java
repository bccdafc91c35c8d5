package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Capability;
import java.util.EnumSet;
import java.util.Set;

/** The contract that every backend passes, on the KV engine of version 1. */
final class VaultV1ContractTest extends VaultContract {
  @Override
  int kvVersion() {
    return 1;
  }

  @Override
  public Set<Capability> declared() {
    return EnumSet.of(Capability.LIST, Capability.WRITE, Capability.DELETE, Capability.EMPTY_VALUE);
  }
}
