package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.List;

/** A provider on the class path that has settings and no secret. */
public final class KeysOfVault implements SecretStoreFactory {
  @Override
  public String scheme() {
    return "vault";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(ConfigKey.of("role", "The role."), ConfigKey.secret("token", "The token."));
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return new NoStore();
  }

  /** Another one, with settings whose variables are those of a Service of Kubernetes. */
  public static class KeysOfDatabase implements SecretStoreFactory {
    @Override
    public String scheme() {
      return "db";
    }

    @Override
    public List<ConfigKey> keys() {
      return List.of(
          ConfigKey.of("port", "The port."), ConfigKey.of("service-host", "The address."));
    }

    @Override
    public SecretStore open(StoreConfig config) {
      return new NoStore();
    }
  }

  /** One whose variables begin as those of the contract's servers do. */
  public static final class KeysOfTest extends KeysOfDatabase {
    @Override
    public String scheme() {
      return "test";
    }
  }
}
