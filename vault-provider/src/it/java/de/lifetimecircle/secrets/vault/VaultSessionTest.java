package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.login.TokenRenewal;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a token, counted in the audit log of a real server. */
final class VaultSessionTest {
  private static VaultTestServer vault;
  private static String mount;

  private final String role = "role-" + VaultTestServer.random();
  private final String secretId = VaultTestServer.random();
  private final ExecutorService readers = Executors.newFixedThreadPool(64);
  private int from;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
    mount = vault.newMount(2);
    vault.does(mount + "/data/a", Map.of("data", Map.of("value", "held")));
    vault.does(mount + "/data/b", Map.of("data", Map.of("value", "other")));
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  @BeforeEach
  void lookAtWhatFollows() {
    from = vault.auditLog().size();
  }

  @AfterEach
  void endReaders() {
    readers.shutdownNow();
  }

  private VaultStore open(Map<String, ?> settings) {
    return open(settings, vault.uri(), vault.caFile());
  }

  private VaultStore open(Map<String, ?> roleSettings, URI address, Path ca) {
    String id = vault.newRole(role, secretId, roleSettings);
    Map<String, String> login = Map.of("auth", "approle", "role-id", id, "secret-id", secretId);
    Map<String, String> settings = vault.settings(mount, 2, login);
    settings.put(SettingKeys.ADDRESS.name(), address.toString());
    settings.put(SettingKeys.CA_FILE.name(), ca.toString());
    return VaultTestServer.open(settings);
  }

  /** How many requests came for that path. */
  private long requests(String path) {
    return recent(path).count();
  }

  private Stream<Map<?, ?>> recent(String path) {
    List<String> log = vault.auditLog();
    return log.subList(from, log.size()).stream()
        .<Map<?, ?>>map(line -> (Map<?, ?>) Json.parse(line))
        .filter(entry -> Json.text(entry, "type").equals("response"))
        .filter(entry -> Json.text(Json.object(entry, "request"), "path").equals(path));
  }

  private long logins() {
    return requests("auth/approle/login");
  }

  private <T> List<Future<T>> atOnce(int count, Callable<T> work) {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(
          readers.submit(
              () -> {
                go.await();
                return work.call();
              }));
    }
    go.countDown();
    return futures;
  }

  /** Reads again and again for that long; the deadline of a wait is the clock of this test. */
  private static void readFor(VaultStore store, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      pause();
    }
  }

  private static void pause() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS)).isFalse();
  }

  private void killTokens() {
    vault.does("sys/leases/revoke-prefix/auth/approle/login", Map.of());
  }

  @Test
  void nothingIsSentBeforeTheFirstCallAndOneLoginServesAll() throws Exception {
    try (VaultStore store = open(Map.of())) {
      assertThat(logins()).isZero();
      for (Future<String> read : atOnce(64, () -> VaultTestServer.text(store, "a"))) {
        assertThat(read.get()).isEqualTo("held");
      }
      assertThat(logins()).isEqualTo(1);
    }
  }

  @Test
  void deadTokenInAStormCostsOneLookUpAndOneLogin() throws Exception {
    try (VaultStore store = open(Map.of())) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      killTokens();
      for (Future<String> read : atOnce(64, () -> VaultTestServer.text(store, "a"))) {
        assertThat(read.get()).isEqualTo("held");
      }
      assertThat(logins()).isEqualTo(2);
      assertThat(requests("auth/token/lookup-self")).isEqualTo(1);
    }
  }

  @Test
  void revokedLoginInAStormIsToldToAllAndTriedOnce() throws Exception {
    TestAuthority authority = TestAuthority.create();
    Path ca = authority.writePem(vault.folder());
    CountDownLatch begun = new CountDownLatch(64);
    try (FaultProxy proxy =
            FaultProxy.to(vault.uri())
                .trusting(VaultTestServer.trusting(vault.caFile()))
                .presenting(authority)
                .start();
        VaultStore store = open(Map.of(), proxy.uri(), ca)) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      vault.does("auth/approle/role/" + role + "/secret-id/destroy", Map.of("secret_id", secretId));
      killTokens();
      // Only while all of them are under way is it a storm: the login is answered after that.
      proxy.intercept(request -> afterAll(begun, request));
      Callable<Kind> read =
          () -> {
            begun.countDown();
            return kindOf(store, "a");
          };
      for (Future<Kind> kind : atOnce(64, read)) {
        assertThat(kind.get()).isEqualTo(Kind.UNAUTHENTICATED);
      }
      // The first thread that finds the token dead tries; who began after that tries again.
      assertThat(logins()).isBetween(2L, 6L);
    }
  }

  private static FaultProxy.@Nullable Answer afterAll(
      CountDownLatch begun, FaultProxy.Request request) {
    try {
      if (request.target().endsWith("/auth/approle/login")) {
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  private static Kind kindOf(VaultStore store, String name) {
    return catchThrowableOfType(SecretException.class, () -> store.fetch(name)).kind();
  }

  @Test
  void renewableTokenIsRenewedBeforeItExpires() throws Exception {
    try (VaultStore store = open(Map.of("token_ttl", "10s", "token_max_ttl", "1h"))) {
      readFor(store, Duration.ofSeconds(15));
      assertThat(logins()).isEqualTo(1);
      assertThat(requests("auth/token/renew-self")).isBetween(1L, 3L);
      // At 6.0 to 7.3 s; shortly before the end would be too late for a server that is away then.
      assertThat(Duration.between(at("auth/approle/login"), at("auth/token/renew-self")))
          .isBetween(Duration.ofMillis(5600), Duration.ofMillis(9000));
    }
  }

  /** When that path was asked for first. */
  private Instant at(String path) {
    return recent(path)
        .map(entry -> Instant.parse(Json.text(entry, "time")))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void renewalIsPlannedAroundTwoThirdsOfTheTime(double jitter) {
    assertThat(TokenRenewal.untilRenewal(3_000_000, jitter)).isBetween(1_800_000L, 2_200_000L);
  }

  @Test
  void tokenNearItsGreatestAgeIsReplacedBeforeItExpires() throws Exception {
    try (VaultStore store = open(Map.of("token_ttl", "5s", "token_max_ttl", "8s"))) {
      readFor(store, Duration.ofSeconds(13));
      assertThat(logins()).isBetween(2L, 6L);
      // A machine under load may be late with a replacement, which costs no failed read either.
      assertThat(requests("auth/token/lookup-self")).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void batchTokenIsReplacedBeforeItExpires() throws Exception {
    try (VaultStore store = open(Map.of("token_ttl", "4s", "token_type", "batch"))) {
      readFor(store, Duration.ofSeconds(8));
      assertThat(logins()).isBetween(2L, 5L);
      // A machine under load may be late with a replacement, which costs no failed read either.
      assertThat(requests("auth/token/lookup-self")).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void givenTokenIsRenewedToo() throws Exception {
    vault.policy("given", "");
    Map<?, ?> auth =
        Json.object(
            vault
                .does(
                    "auth/token/create",
                    Map.of("policies", List.of("given"), "ttl", "10s", "renewable", true))
                .document(),
            "auth");
    String token = Json.text(auth, "client_token");
    try (VaultStore store =
        VaultTestServer.open(vault.settings(mount, 2, Map.of("token", token)))) {
      readFor(store, Duration.ofSeconds(20)); // one renewal is not enough for that
    }
    assertThat(vault.post("auth/token/lookup", Map.of("token", token)).status())
        .as("a token that was given is not ours to revoke")
        .isEqualTo(200);
  }

  @Test
  void closeRevokesTheTokenOfALogin() {
    try (VaultStore store = open(Map.of())) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
    }
    assertThat(requests("auth/token/revoke-self")).isEqualTo(1);
    assertThat(vault.ask("LIST", "auth/token/accessors", null, vault.rootToken()).status())
        .isEqualTo(200);
  }

  @Test
  void missingRightIsNoDeadToken() {
    try (VaultStore store = open(Map.of())) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      vault.policy(role, "path \"" + mount + "/data/b\" { capabilities = [\"deny\"] }");
      assertThat(kindOf(store, "b")).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(kindOf(store, "b")).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      assertThat(logins()).isEqualTo(1);
    }
  }

  @Test
  void tokenThatMayNotLookItselfUpIsNoStormOfLogins() {
    try (VaultStore store = open(Map.of("token_no_default_policy", true))) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      vault.policy(role, "path \"" + mount + "/data/b\" { capabilities = [\"deny\"] }");
      for (int i = 0; i < 5; i++) {
        assertThat(kindOf(store, "b")).isEqualTo(Kind.ACCESS_DENIED);
      }
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      assertThat(logins()).isEqualTo(2);
    }
  }

  @Test
  void herdOnAColdNameIsOneReadAtTheServer() throws Exception {
    VaultStore store = open(Map.of());
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).build()) {
      for (Future<String> read : atOnce(64, () -> provider.get("a").asString())) {
        assertThat(read.get()).isEqualTo("held");
      }
      assertThat(requests(mount + "/data/a")).isEqualTo(1);
    }
  }
}
