package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The contract that every backend passes, on the KV engine of version 2. */
final class VaultV2ContractTest extends VaultContract {
  static final Set<Capability> DECLARED =
      Collections.unmodifiableSet(
          EnumSet.of(
              Capability.VERSIONS,
              Capability.LIST,
              Capability.WRITE,
              Capability.CREATE_ONLY,
              Capability.PUT_IF_VERSION,
              Capability.DELETE,
              Capability.RESTORE,
              Capability.PURGE,
              Capability.EMPTY_VALUE));

  @Override
  int kvVersion() {
    return 2;
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }
}
