package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.VaultCalls;
import de.lifetimecircle.secrets.testservers.VaultCalls.Answer;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server for a test class: the one that the environment names ({@code SECRETS_TEST_VAULT_ADDR},
 * {@code _TOKEN}, {@code _CACERT}, {@code _MOUNT}), else an OpenBao of its own.
 */
final class VaultTestServer implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final @Nullable OpenBaoServer server;
  private final URI uri;
  private final String token;
  private final Optional<Path> ca;
  private final Path folder;
  private final VaultCalls calls;

  private VaultTestServer(
      @Nullable OpenBaoServer server, URI uri, String token, Optional<Path> ca, Path folder) {
    this.server = server;
    this.uri = uri;
    this.token = token;
    this.ca = ca;
    this.folder = folder;
    this.calls = new VaultCalls(uri, ca, token);
  }

  private static Optional<String> named(String what) {
    return Optional.ofNullable(System.getenv("SECRETS_TEST_VAULT_" + what));
  }

  /** Whether somebody else runs the server, so that nothing but secrets may be changed there. */
  boolean isForeign() {
    return server == null;
  }

  /** The mount of a foreign server. */
  static String foreignMount() {
    return named("MOUNT").orElse("secret");
  }

  /** The server that the environment names, if its mount is of that version; else our own. */
  static VaultTestServer start(int kvVersion) {
    if (named("ADDR").isEmpty()) {
      return own();
    }
    VaultTestServer foreign =
        new VaultTestServer(
            null,
            URI.create(named("ADDR").orElseThrow()),
            named("TOKEN").orElseThrow(),
            named("CACERT").map(Path::of),
            newFolder());
    Map<?, ?> facts = foreign.get("sys/internal/ui/mounts/" + foreignMount()).data();
    boolean isTwo = "2".equals(Json.text(Json.object(facts, "options"), "version"));
    return isTwo == (kvVersion == 2) ? foreign : own();
  }

  /** A server of our own, whatever the environment says. */
  static VaultTestServer own() {
    return own(OpenBaoServer::start);
  }

  /** A server of our own as a local program, which reaches what listens on loopback. */
  static VaultTestServer onThisMachine() {
    return own(OpenBaoServer::local);
  }

  /** A server of our own in a container. */
  static VaultTestServer inContainer() {
    return own(OpenBaoServer::container);
  }

  private static VaultTestServer own(Function<Path, OpenBaoServer> start) {
    Path folder = newFolder();
    OpenBaoServer own = start.apply(folder);
    return new VaultTestServer(own, own.uri(), own.rootToken(), Optional.of(own.caFile()), folder);
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("vault-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SSLContext trusting(Path ca) {
    return PemTls.trusting(ca).context();
  }

  URI uri() {
    return uri;
  }

  String rootToken() {
    return token;
  }

  Path caFile() {
    return ca.orElseThrow();
  }

  /** A folder for files of the test. */
  Path folder() {
    return folder;
  }

  List<String> auditLog() {
    return server == null ? List.of() : server.auditLog();
  }

  Answer get(String path) {
    return calls.get(path);
  }

  Answer post(String path, Map<String, ?> body) {
    return calls.post(path, body);
  }

  /** As the administrator, and it must be done. */
  Answer does(String path, Map<String, ?> body) {
    return calls.does(path, body);
  }

  Answer ask(
      String method, String path, @Nullable Map<String, ?> body, String as, String... header) {
    return calls.ask(method, path, body, as, header);
  }

  /** A new, empty KV engine. */
  String newMount(int version) {
    String mount = "kv" + version + "-" + NUMBERS.incrementAndGet();
    does("sys/mounts/" + mount, Map.of("type", "kv", "options", Map.of("version", "" + version)));
    String probe = mount + (version == 2 ? "/metadata/probe" : "/probe");
    // An engine of version 2 refuses calls until it has set itself up.
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (get(probe).status() != 404) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the mount does not come up");
      }
    }
    return mount;
  }

  /** Removes everything below a folder, deleted secrets as well. */
  void wipe(String root, String folder) {
    Answer answer = get(root + Names.encoded(folder) + "?list=true");
    if (answer.data().get("keys") instanceof List<?> keys) {
      for (Object key : keys) {
        String path = folder + key;
        if (path.endsWith("/")) {
          wipe(root, path);
        } else {
          ask("DELETE", root + Names.encoded(path), null, token);
        }
      }
    }
  }

  /** A policy for everything in mounts that a test makes, with more rules. */
  void policy(String name, String more) {
    String rules =
        """
        path "kv1-*" { capabilities = ["create", "read", "update", "delete", "list"] }
        path "kv2-*" { capabilities = ["create", "read", "update", "delete", "list"] }
        """;
    does("sys/policies/acl/" + name, Map.of("policy", rules + more));
  }

  /** A role for an AppRole login, with a secret id of the test's choice. */
  String newRole(String name, String secretId, Map<String, ?> settings) {
    post("sys/auth/approle", Map.of("type", "approle"));
    policy(name, "");
    Map<String, Object> role = new HashMap<>(settings);
    role.putIfAbsent("token_policies", name);
    does("auth/approle/role/" + name, role);
    does("auth/approle/role/" + name + "/custom-secret-id", Map.of("secret_id", secretId));
    return String.valueOf(get("auth/approle/role/" + name + "/role-id").data().get("role_id"));
  }

  /** Revokes every token that the logins of a mount made. */
  void revokeLogins(String mount) {
    does("sys/leases/revoke-prefix/auth/" + mount + "/login", Map.of());
  }

  /** A wrapping token around what an administrator's request answers. */
  String wrap(String path, Map<String, ?> body) {
    return Json.text(
        Json.object(
            ask("POST", path, body, token, "X-Vault-Wrap-TTL", "60").document(), "wrap_info"),
        "token");
  }

  /** The settings of a client with the administrator's token. */
  Map<String, String> rootSettings(String mount, int version) {
    return settings(mount, version, Map.of(SettingKeys.TOKEN.name(), token));
  }

  /** The settings of a client. */
  Map<String, String> settings(String mount, int version, Map<String, String> login) {
    Map<String, String> settings = new HashMap<>();
    settings.put(SettingKeys.ADDRESS.name(), uri.toString());
    ca.ifPresent(file -> settings.put(SettingKeys.CA_FILE.name(), file.toString()));
    settings.put(SettingKeys.MOUNT.name(), mount);
    settings.put(SettingKeys.KV_VERSION.name(), "" + version);
    settings.putAll(login);
    return settings;
  }

  static StoreConfig config(Map<String, String> settings) {
    return config(settings, Duration.ofSeconds(10));
  }

  private static StoreConfig config(Map<String, String> settings, Duration timeout) {
    return new StoreConfig(settings, name -> Optional.empty(), timeout, InstantSource.system());
  }

  static VaultStore open(Map<String, String> settings) {
    return (VaultStore) new VaultStoreFactory().open(config(settings));
  }

  static VaultStore open(Map<String, String> settings, Duration timeout) {
    return (VaultStore) new VaultStoreFactory().open(config(settings, timeout));
  }

  static String text(SecretStore store, String name) {
    return textOf(store.fetch(name));
  }

  static String textOf(StoredSecret secret) {
    try (SecretValue value = secret.value()) {
      return value.asString();
    }
  }

  static String put(VaultStore store, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return store.put(PutRequest.always(name, value)).version();
    }
  }

  static String random() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
