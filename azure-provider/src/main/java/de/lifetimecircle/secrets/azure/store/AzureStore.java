package de.lifetimecircle.secrets.azure.store;

import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.azure.form.VersionOrder;
import de.lifetimecircle.secrets.azure.transport.Transport;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in Azure Key Vault.
 *
 * <p>Safe for use by several threads. There is no compare-and-set on Key Vault and its current
 * version is always the one made last, so that conditions and stages are refused.
 */
public final class AzureStore
    implements VersionedStore, ListableStore, WritableStore, DeletableStore, RetiringStore {
  static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Capability.VERSIONS,
              Capability.LIST,
              Capability.WRITE,
              Capability.DELETE,
              Capability.RESTORE,
              Capability.PURGE,
              Capability.EMPTY_VALUE,
              Capability.DENIED_IS_NOT_MISSING));

  private final Settings config;
  private final LongAdder requests = new LongAdder();
  private final HttpTransport transport;
  private final Client client;
  private final Reads vault;
  private volatile boolean closed;

  /** Makes the store. Calls no server. */
  public AzureStore(Settings config) {
    this.config = config;
    this.transport = Transport.transport(config);
    this.client = new Client(config, transport, requests);
    this.vault = new Reads(config, client);
  }

  private <T> T call(String action, @Nullable String name, Supplier<T> work) {
    return Failures.call(
        action,
        name,
        () -> {
          if (closed) {
            throw StoreFailure.closed();
          }
          if (Thread.currentThread().isInterrupted()) {
            throw StoreFailure.interrupted();
          }
          return work.get();
        });
  }

  @Override
  public String scheme() {
    return Failures.SCHEME;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public StoredSecret fetch(String name) {
    return call("fetch secret", name, () -> stored(vault.current(name)));
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    String action = "fetch version " + printable(version) + " of secret";
    return call(action, name, () -> stored(vault.version(name, version)));
  }

  private static StoredSecret stored(KeyVaultSecret secret) {
    SecretProperties facts = secret.getProperties();
    return new StoredSecret(
        StoredValue.read(secret.getValue(), facts.getContentType()),
        facts.getVersion(),
        VersionOrder.created(facts));
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return call(
        "list the versions of secret", name, () -> VersionOrder.staged(vault.versions(name)));
  }

  @Override
  public List<String> list(String prefix) {
    return list(prefix, ListProgress.NONE);
  }

  @Override
  public List<String> list(String prefix, ListProgress progress) {
    return call("list secrets", prefix, () -> vault.names(prefix, progress));
  }

  @Override
  public Map<String, String> describe(String name) {
    return call("describe secret", name, () -> new Facts(config).of(vault.versions(name)));
  }

  @Override
  public Map<String, String> check() {
    return call("check the vault", null, () -> new Facts(config).ofVault(vault::firstPage));
  }

  @Override
  public PutResult put(PutRequest request) {
    return call(
        "put secret",
        request.name(),
        () -> {
          requirePlain(request);
          return new Writes(config, client, vault, new Waiting(config.timeout())).put(request);
        });
  }

  private static void requirePlain(PutRequest request) {
    if (request.stage() != Stage.CURRENT) {
      throw unsupported("its current version is always the one made last");
    }
    if (request.condition() != PutRequest.Condition.ALWAYS) {
      throw unsupported("it has no compare-and-set");
    }
  }

  private static StoreFailure unsupported(String why) {
    return StoreFailure.of(
        Kind.UNSUPPORTED, "Key Vault cannot do it: " + why, "Put it without a condition or stage");
  }

  @Override
  public void promote(String name, String version) {
    call(
        "promote a version of secret",
        name,
        () -> {
          throw StoreFailure.of(
              Kind.UNSUPPORTED,
              "Key Vault cannot do it: its current version is always the one made last",
              putAgain(name, version));
        });
  }

  private static String putAgain(String name, String version) {
    String quoted = "'" + name.replace("'", "'\\''") + "'";
    return "Put the old value again: secrets get "
        + quoted
        + " --version "
        + printable(version)
        + " | secrets put "
        + quoted
        + " --plain --stdin";
  }

  @Override
  public void retire(String name, String version) {
    change("retire a version of secret", name, () -> vault.disable(name, version));
  }

  @Override
  public void delete(String name) {
    change("delete secret", name, () -> deletes().delete(name));
  }

  @Override
  public void restore(String name) {
    change("restore secret", name, () -> deletes().restore(name));
  }

  @Override
  public void purge(String name) {
    change("purge secret", name, () -> deletes().purge(name));
  }

  private Deletes deletes() {
    return new Deletes(config, client);
  }

  private void change(String action, String name, Runnable work) {
    call(
        action,
        name,
        () -> {
          work.run();
          return name;
        });
  }

  @Override
  public OptionalLong requests() {
    return OptionalLong.of(requests.sum());
  }

  @Override
  public void close() {
    closed = true;
    transport.close();
    client.forget();
  }

  /** A version may come from a request, so a message shows it only if it could be one. */
  private static String printable(String version) {
    return version.matches("[0-9A-Za-z._-]{1,40}") ? version : "(not a version)";
  }

  @Override
  public String toString() {
    return "AzureStore[" + config.vault() + "]";
  }
}
