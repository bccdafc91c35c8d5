package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.form.NameEscape;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultSwitch;
import de.lifetimecircle.secrets.testkit.ProxyFaults;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract that every backend passes: on the vault that the environment names, else on the Key
 * Vault test server.
 */
class AzureContractTest extends SecretStoreContract {
  private static final Optional<OutsideVault> OUTSIDE = OutsideVault.named();

  @TempDir private static Path folder;

  private static KeyVaultServer server = KeyVaultServer.builder().start();
  private static FaultProxy proxy = proxy();
  private static Path caFile = Path.of("");

  private final ProxyFaults faults = faults(proxy, server);

  private static FaultProxy proxy() {
    return FaultProxy.to(server.uri())
        .trusting(server.certificates().client())
        .presenting(server.certificates())
        .start();
  }

  @BeforeAll
  static void writeCertificate() {
    caFile = server.certificates().writePem(folder);
  }

  @AfterAll
  static void stop() {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    server.reset();
  }

  @AfterEach
  void clean() {
    OUTSIDE.ifPresent(OutsideVault::clean);
  }

  @Override
  public String scheme() {
    return "azure";
  }

  @Override
  protected String server() {
    return OUTSIDE.isPresent()
        ? "a vault that the environment names"
        : "a test server that follows recorded answers";
  }

  @Override
  public SecretStore open() {
    if (OUTSIDE.isPresent()) {
      return OUTSIDE.get().open();
    }
    return AzureTestVault.of(server, faults.uri(), caFile).within(faults.timeout()).open();
  }

  @Override
  public Set<Capability> declared() {
    return EnumSet.of(
        Capability.VERSIONS,
        Capability.LIST,
        Capability.WRITE,
        Capability.DELETE,
        Capability.RESTORE,
        Capability.PURGE,
        Capability.EMPTY_VALUE,
        Capability.DENIED_IS_NOT_MISSING);
  }

  @Override
  public StoreLimits limits() {
    int maxName = OUTSIDE.map(OutsideVault::maxName).orElse(NameEscape.MAX_LENGTH);
    // Our own server shows a write at once; Azure documents nothing.
    Duration visibility = OUTSIDE.isPresent() ? Duration.ofSeconds(2) : Duration.ZERO;
    return new StoreLimits(StoredValue.MAX_BINARY, maxName, 10, visibility);
  }

  @Override
  public Duration timeout() {
    return OUTSIDE.isPresent() ? OutsideVault.TIMEOUT : super.timeout();
  }

  @Override
  public Set<String> credentials() {
    return OUTSIDE.map(OutsideVault::credentials).orElseGet(() -> Set.of(server.clientSecret()));
  }

  @Override
  public FaultSwitch faults() {
    return OUTSIDE.isPresent() ? FaultSwitch.none() : faults;
  }

  private static ProxyFaults faults(FaultProxy proxy, KeyVaultServer server) {
    return ProxyFaults.of(proxy)
        .logins(request -> request.target().contains("/oauth2/v2.0/token"))
        .on(Fault.UNAVAILABLE, (request, name) -> Documented.failing(request))
        .on(Fault.THROTTLED, (request, name) -> Documented.throttled(request))
        .on(Fault.CORRUPT, (request, name) -> Documented.noBase64(request, name))
        .doing(Fault.HANG, name -> server.faults().hangNext(Integer.MAX_VALUE))
        .doing(Fault.DISABLED, name -> server.disable(Naming.MAPPED.stored(name)))
        .doing(Fault.DENIED, name -> deny(server, Naming.MAPPED.stored(name)))
        .doing(Fault.UNAUTHENTICATED, name -> lockOut(server))
        .doing(Fault.LOGIN_REVOKED, name -> lockOut(server))
        .doing(Fault.LOGIN_EXPIRED, name -> server.revokeTokens())
        .undoing(
            () -> {
              server.faults().clear();
              server.enable(Naming.MAPPED.stored(NAME));
            })
        .build();
  }

  private static void deny(KeyVaultServer server, String stored) {
    for (KeyVaultOperation operation : KeyVaultOperation.values()) {
      server.faults().deny(stored, operation);
    }
  }

  private static void lockOut(KeyVaultServer server) {
    server.faults().rejectLogins();
    server.revokeTokens();
  }
}
