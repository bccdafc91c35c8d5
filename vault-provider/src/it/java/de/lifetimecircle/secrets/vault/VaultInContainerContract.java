package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Capability;
import java.util.Set;

/**
 * The contract on a server in a container. Not named as a test, because it needs a container
 * engine: {@code ./verify} starts one and runs it by name.
 */
final class VaultInContainerContract extends VaultContract {
  @Override
  public String scheme() {
    return "containers";
  }

  @Override
  protected String server() {
    return super.server() + " in a container";
  }

  @Override
  VaultTestServer launch() {
    return VaultTestServer.inContainer();
  }

  @Override
  int kvVersion() {
    return 2;
  }

  @Override
  public Set<Capability> declared() {
    return VaultV2ContractTest.DECLARED;
  }
}
