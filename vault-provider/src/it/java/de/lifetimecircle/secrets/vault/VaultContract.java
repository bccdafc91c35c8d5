package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultSwitch;
import de.lifetimecircle.secrets.testkit.ProxyFaults;
import de.lifetimecircle.secrets.testkit.ScratchNames;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.store.Fields;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract on a real server: one for the class, a new mount for each test, clients that log in
 * as a role with a policy, and a proxy between them and the server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VaultContract extends SecretStoreContract {
  private static final String ROLE = "contract";
  private static final String LOGIN = "/v1/auth/approle/login";

  private final String secretId = VaultTestServer.random();
  private VaultTestServer vault;
  private FaultProxy proxy;
  private ProxyFaults faults;
  private Path ca;
  private String serverVersion = "";
  private String roleId = "";
  private String mount = "";
  // One for each test: what a test has deleted cannot be written again before it is purged.
  private String scratch = newScratch();
  private volatile CountDownLatch hang = new CountDownLatch(0);

  abstract int kvVersion();

  /** The server of the class. */
  VaultTestServer launch() {
    return VaultTestServer.start(kvVersion());
  }

  @BeforeAll
  void start() {
    vault = launch();
    Object version = vault.get("sys/health").document().get("version");
    serverVersion = (vault.isForeign() ? "a server of version " : "OpenBao ") + version;
    if (vault.isForeign()) {
      return;
    }
    roleId = vault.newRole(ROLE, secretId, Map.of("token_ttl", "1h"));
    TestAuthority authority = TestAuthority.create();
    ca = authority.writePem(vault.folder());
    proxy =
        FaultProxy.to(vault.uri())
            .trusting(VaultTestServer.trusting(vault.caFile()))
            .presenting(authority)
            .start();
    faults =
        ProxyFaults.of(proxy)
            .on(Fault.UNAVAILABLE, (r, name) -> on(r, name, answer(503, "Vault is sealed")))
            .on(
                Fault.THROTTLED,
                (r, name) ->
                    on(r, name, answer(429, "rate limit quota exceeded").with("Retry-After", "2")))
            .on(Fault.CORRUPT, (r, name) -> on(r, name, corrupt()))
            .on(
                Fault.HANG,
                (r, name) -> {
                  hangUp(on(r, name, answer(200, "")) != null);
                  return null;
                })
            .doing(Fault.DENIED, this::deny)
            .doing(Fault.UNAUTHENTICATED, name -> revoke())
            .doing(Fault.LOGIN_REVOKED, name -> revoke())
            .doing(Fault.LOGIN_EXPIRED, name -> expire())
            .undoing(this::undo)
            .logins(request -> request.target().startsWith(LOGIN))
            .build();
  }

  private static Answer on(FaultProxy.Request request, String name, Answer answer) {
    return request.target().contains(name) ? answer : null;
  }

  private static Answer answer(int status, String error) {
    return Answer.of(status, "application/json", "{\"errors\":[\"" + error + "\"]}");
  }

  private Answer corrupt() {
    String fields = "{\"value\":\"%%%\",\"value-encoding\":\"base64\"}";
    String metadata = "{\"version\":1,\"created_time\":\"2026-11-24T00:00:00Z\"}";
    String data =
        kvVersion() == 1 ? fields : "{\"data\":" + fields + ",\"metadata\":" + metadata + "}";
    return Answer.of(200, "application/json", "{\"data\":" + data + "}");
  }

  private void hangUp(boolean isMeant) {
    try {
      if (isMeant && !hang.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody ended the hang");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A real refusal by a real policy. */
  private void deny(String name) {
    StringBuilder rules = new StringBuilder();
    for (String kind : kvVersion() == 1 ? Set.of("") : Set.of("data/", "metadata/")) {
      rules.append("path \"" + mount + "/" + kind + name + "\" { capabilities = [\"deny\"] }\n");
    }
    vault.policy(ROLE, rules.toString());
  }

  private void expire() {
    vault.does("sys/leases/revoke-prefix/auth/approle/login", Map.of());
  }

  private void revoke() {
    vault.does("auth/approle/role/" + ROLE + "/secret-id/destroy", Map.of("secret_id", secretId));
    expire();
  }

  private void undo() {
    hang.countDown();
    hang = new CountDownLatch(1);
    vault.policy(ROLE, "");
    vault.post("auth/approle/role/" + ROLE + "/custom-secret-id", Map.of("secret_id", secretId));
  }

  @BeforeEach
  void prepare() {
    mount = vault.isForeign() ? VaultTestServer.foreignMount() : vault.newMount(kvVersion());
    hang = new CountDownLatch(1);
    scratch = newScratch();
  }

  private static String newScratch() {
    return "secrets-contract/" + VaultTestServer.random() + "/";
  }

  private VaultStore openForeign() {
    return VaultTestServer.open(vault.rootSettings(mount, kvVersion()));
  }

  @AfterEach
  void cleanUp() {
    if (vault.isForeign()) {
      vault.wipe(mount + (kvVersion() == 2 ? "/metadata/" : "/"), scratch);
    }
  }

  @AfterAll
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    vault.close();
  }

  @Override
  public String scheme() {
    return "vault-v" + kvVersion();
  }

  @Override
  protected String server() {
    return serverVersion;
  }

  @Override
  public SecretStore open() {
    if (vault.isForeign()) {
      return ScratchNames.below(scratch).in(openForeign());
    }
    Map<String, String> login =
        Map.of(
            SettingKeys.AUTH.name(),
            "approle",
            SettingKeys.ROLE_ID.name(),
            roleId,
            SettingKeys.SECRET_ID.name(),
            secretId);
    Map<String, String> settings = vault.settings(mount, kvVersion(), login);
    settings.put(SettingKeys.ADDRESS.name(), faults.uri().toString());
    settings.put(SettingKeys.CA_FILE.name(), ca.toString());
    return VaultTestServer.open(settings, faults.timeout());
  }

  @Override
  public FaultSwitch faults() {
    return vault.isForeign() ? FaultSwitch.none() : faults;
  }

  @Override
  public Set<String> credentials() {
    return vault.isForeign() ? Set.of(vault.rootToken()) : Set.of(secretId);
  }

  @Override
  public StoreLimits limits() {
    int name = Names.MAX_LENGTH - (vault.isForeign() ? scratch.length() : 0);
    return new StoreLimits(Fields.MAX_BYTES, name, 10, Duration.ZERO);
  }

  /** What the engine of that version can do. */
  @Override
  public abstract Set<Capability> declared();
}
