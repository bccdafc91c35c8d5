package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The checked settings. Immutable.
 *
 * @param address the server, without a slash at its end
 * @param namespace the namespace of mount and login
 * @param mount where the KV engine is mounted, without slashes round it
 * @param kvVersion 1 or 2
 * @param field the field that holds the value
 * @param separator the text that selects a field in a name
 * @param login how to get a token
 * @param tls the trust and the client's certificate
 * @param proxy which requests go through a proxy
 * @param maxConnections the most connections open at a time
 * @param timeout how long a call may take
 * @param clock the time of day
 */
record VaultConfig(
    String address,
    Optional<String> namespace,
    String mount,
    int kvVersion,
    Field field,
    Optional<String> separator,
    VaultLogin login,
    PemTls tls,
    ProxySettings proxy,
    int maxConnections,
    Duration timeout,
    InstantSource clock) {

  /**
   * The field that holds the value.
   *
   * @param name its name
   * @param isDefault whether nobody chose it: then a secret without it is read as the JSON object
   *     of all its fields
   */
  record Field(String name, boolean isDefault) {}

  /** Checks everything and reports every mistake at once. */
  static VaultConfig of(StoreConfig config) {
    return new VaultConfigReader(config).read();
  }

  /** Shows where and how, no credential. */
  @Override
  public String toString() {
    return "VaultConfig[" + address + ", mount=" + mount + ", " + login.word() + "]";
  }
}
