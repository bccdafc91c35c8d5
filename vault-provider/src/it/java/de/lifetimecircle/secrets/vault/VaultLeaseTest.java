package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import de.lifetimecircle.secrets.vault.store.LeaseGuard;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mount that is not a KV engine but a database engine: each read makes a user of a real
 * PostgreSQL, so none may be left.
 */
final class VaultLeaseTest {
  private static final String ROLE =
      "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'";

  private static VaultTestServer vault;
  private static PostgresServer postgres;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.onThisMachine();
    postgres = PostgresServer.start();
    vault.does("sys/mounts/database", Map.of("type", "database"));
    Map<String, Object> connection = new HashMap<>();
    connection.put("plugin_name", "postgresql-database-plugin");
    connection.put("allowed_roles", "*");
    connection.put(
        "connection_url",
        "postgresql://{{username}}:{{password}}@127.0.0.1:"
            + postgres.port()
            + "/postgres?sslmode=disable");
    connection.put("username", "postgres");
    connection.put("password", postgres.password());
    vault.does("database/config/main", connection);
    vault.does(
        "database/roles/app",
        Map.of("db_name", "main", "creation_statements", List.of(ROLE), "default_ttl", "1h"));
  }

  @AfterAll
  static void stop() {
    vault.close();
    postgres.close();
  }

  @AfterEach
  void revokeWhatIsLeft() {
    vault.does("sys/leases/revoke-prefix/database", Map.of("sync", true));
  }

  private static VaultStore open(String mount, int version, String token) {
    return VaultTestServer.open(vault.settings(mount, version, Map.of("token", token)));
  }

  private static VaultStore open(String mount, int version) {
    return open(mount, version, vault.rootToken());
  }

  private static SecretException refused(ThrowingCallable call) {
    SecretException failure = catchThrowableOfType(SecretException.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.CONFIGURATION);
    return failure;
  }

  /** How many users the database has that Vault made. */
  private static int users() throws IOException, InterruptedException {
    Path psql;
    try (Stream<Path> found = Files.list(Path.of("/usr/lib/postgresql"))) {
      psql = found.map(version -> version.resolve("bin/psql")).sorted().toList().get(0);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            psql.toString(),
            "-h",
            "127.0.0.1",
            "-p",
            "" + postgres.port(),
            "-U",
            "postgres",
            "-Atc",
            "SELECT count(*) FROM pg_user WHERE usename LIKE 'v-%'");
    builder.environment().put("PGPASSWORD", postgres.password());
    Process process = builder.redirectErrorStream(true).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Integer.parseInt(answer.strip());
  }

  /** How many users were made so far, by the audit log. */
  private static long made() {
    return vault.auditLog().stream()
        .filter(line -> line.contains("\"type\":\"response\""))
        .filter(line -> line.contains("\"path\":\"database/creds/app\""))
        .count();
  }

  @ParameterizedTest
  @CsvSource({"database, creds/app", "database/creds, app"})
  void leaseIsRefusedByNameAndRevokedAtOnce(String mount, String name) throws Exception {
    long before = made();
    try (LeakProbe probe = LeakProbe.start();
        VaultStore store = open(mount, 1)) {
      SecretException failure = refused(() -> store.fetch(name));
      assertThat(failure)
          .hasMessageContaining("the mount '" + mount + "' is not a KV engine")
          .hasMessageContaining("Set vault.mount to a KV engine")
          .hasMessageContaining("This one was revoked");
      assertThat(failure.retryable()).isFalse();
      assertThat(failure.getMessage()).doesNotContain("v-");
      assertThat(made() - before).isEqualTo(1);
      assertThat(users()).isZero();
      for (int i = 0; i < 5; i++) {
        assertThat(refused(() -> store.fetch(name))).hasMessageContaining("No further one");
      }
      assertThat(made() - before).isEqualTo(1);
      probe.look("exception", failure);
      probe.assertClean();
    }
    assertThat(users()).isZero();
  }

  /** A service, whose cache would read it again and again. */
  @Test
  void providerLeavesNoUserAndServesNothing() throws Exception {
    long before = made();
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(open("database", 1))
            .environment(Map.of())
            .set("negative-age", "1ms")
            .set("retries", "3")
            .build()) {
      for (int i = 0; i < 3; i++) {
        refused(() -> provider.get("creds/app"));
        refused(() -> provider.refresh("creds/app"));
        refused(() -> provider.get("creds/app", Duration.ZERO));
      }
      assertThat(made() - before).isEqualTo(1);
    }
    assertThat(users()).isZero();
  }

  /** The default policy lets nobody revoke a lease. */
  @Test
  void leaseThatMayNotBeRevokedIsToldWithTheCommandThatDoes() throws Exception {
    vault.does(
        "sys/policies/acl/lent",
        Map.of("policy", "path \"database/*\" { capabilities = [\"read\"] }"));
    Map<?, ?> auth =
        Json.object(
            vault.does("auth/token/create", Map.of("policies", List.of("lent"))).document(),
            "auth");
    try (VaultStore store = open("database", 1, Json.text(auth, "client_token"))) {
      String message = refused(() -> store.fetch("creds/app")).getMessage();
      assertThat(message)
          .containsPattern("vault lease revoke database/creds/app/\\w{10,}")
          .doesNotContain("-prefix");
      refused(() -> store.fetch("creds/app"));
      assertThat(users()).isEqualTo(1);
      String lease = message.replaceAll("(?s).*vault lease revoke ([\\w/]+).*", "$1");
      vault.does("sys/leases/revoke", Map.of("lease_id", lease, "sync", true));
      assertThat(users()).isZero();
    }
  }

  /** What the server wrote there is to be pasted by an administrator. */
  @ParameterizedTest
  @ValueSource(strings = {"database/creds/app/x; reboot", "", "database/creds/app/-prefix'"})
  void leaseIdThatMayNotBePastedIsToBeLookedUp(String lease) {
    assertThat(LeaseGuard.revocation("database/creds/app", lease))
        .isEqualTo(
            "look up its id with: vault list 'sys/leases/lookup/database/creds/app', and then:"
                + " vault lease revoke LEASE_ID");
    assertThat(LeaseGuard.revocation("it's", lease))
        .contains("vault list 'sys/leases/lookup/it'\\''s'");
  }

  @Test
  void versionTwoMakesNoUserEither() throws Exception {
    long before = made();
    for (String mount : List.of("database", "database/creds")) {
      try (VaultStore store = open(mount, 2)) {
        assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("creds/app")))
            .isNotNull();
        refused(() -> VaultTestServer.put(store, "creds/app", "value"));
        assertThat(refused(store::check)).hasMessageContaining("a 'database' engine");
      }
    }
    assertThat(made() - before).isZero();
    assertThat(users()).isZero();
  }

  /** A put would change the engine: "roles/app" is a role of its. */
  @Test
  void nothingIsWrittenAndDoctorSaysWhatIsThere() {
    try (VaultStore store = open("database", 1)) {
      assertThat(refused(store::check))
          .hasMessageContaining("the mount 'database' is not a KV engine but a 'database' engine");
      refused(() -> VaultTestServer.put(store, "roles/app", "value"));
    }
    assertThat(vault.get("database/roles/app").data().get("db_name")).isEqualTo("main");
  }

  @Test
  void kvEngineOfVersionOneHasADurationAndNoLease() {
    String mount = vault.newMount(1);
    try (VaultStore store = open(mount, 1)) {
      VaultTestServer.put(store, "a", "held");
      assertThat(vault.get(mount + "/a").document().get("lease_duration")).hasToString("2764800");
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      assertThat(store.check()).containsEntry("kv version", "1");
    }
  }
}
