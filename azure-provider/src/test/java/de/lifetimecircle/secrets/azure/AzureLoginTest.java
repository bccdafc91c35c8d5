package de.lifetimecircle.secrets.azure;

import static de.lifetimecircle.secrets.azure.TestVault.get;
import static de.lifetimecircle.secrets.azure.TestVault.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureLoginTest {
  @TempDir private static Path folder;

  private static VaultBehindProxy vault;

  @BeforeAll
  static void start() {
    vault = new VaultBehindProxy(folder);
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  @BeforeEach
  void seed() {
    vault.reset();
    try (AzureStore store = vault.settings().open()) {
      put(store, "key", "held");
    }
    vault.server.faults().clear();
  }

  private static SecretException failure(Kind kind, ThrowingCallable call) {
    SecretException failure = catchThrowableOfType(SecretException.class, call);
    assertThat(failure).as("an exception").isNotNull();
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    "client-secret, wrong-secret-value, AADSTS7000215, azure.client-secret",
    "client-id, 00000000-0000-0000-0000-000000000001, AADSTS700016, azure.client-id",
    "tenant-id, 00000000-0000-0000-0000-000000000002, AADSTS90002, azure.tenant-id"
  })
  void wrongLoginIsToldOnceAndWithItsCode(String key, String value, String code, String advice) {
    TestVault settings = vault.settings().with(key, value);
    int before = vault.server.loginAttempts();
    try (LeakProbe probe = LeakProbe.start();
        SecretProvider provider =
            SecretProvider.builder()
                .store(settings.open())
                .environment(Map.of())
                .set("retries", "3")
                .build()) {
      probe.watch("credential", settings.settings.get("client-secret"));
      SecretException failure = failure(Kind.UNAUTHENTICATED, () -> provider.get("key"));
      assertThat(failure).hasMessageContaining(code).hasMessageContaining(advice);
      assertThat(vault.server.loginAttempts() - before).isEqualTo(1);
      probe.look("exception", failure).assertClean();
    }
  }

  @Test
  void manyReadersLogInOnceWhetherItWorksOrNot() throws Exception {
    int before = vault.server.loginAttempts();
    try (AzureStore store = vault.settings().open()) {
      assertThat(together(store)).containsOnly("held");
      assertThat(vault.server.loginAttempts() - before).isEqualTo(1);
    }
    try (AzureStore store = vault.settings().with("client-secret", "wrong-secret").open()) {
      assertThat(together(store)).containsOnly("UNAUTHENTICATED");
      // Who begins after the others' login has failed may try one more.
      assertThat(vault.server.loginAttempts() - before).isLessThanOrEqualTo(4);
    }
  }

  private static List<String> together(AzureStore store) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(32);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        answers.add(threads.submit(() -> answer(store)));
      }
      List<String> texts = new ArrayList<>();
      for (Future<String> answer : answers) {
        texts.add(answer.get());
      }
      return texts;
    } finally {
      threads.shutdownNow();
    }
  }

  private static String answer(AzureStore store) {
    try {
      return get(store, "key");
    } catch (SecretException e) {
      return e.kind().name();
    }
  }

  @Test
  void failingAuthorityIsUnavailableAndAskedOnce() {
    int before = vault.server.loginAttempts();
    vault.server.faults().failNextLogins(5, 503);
    try (AzureStore store = vault.settings().open()) {
      failure(Kind.UNAVAILABLE, () -> store.fetch("key"));
      assertThat(vault.server.loginAttempts() - before).isEqualTo(1);
    }
  }

  @Test
  void refusedTokenCostsOneNewLogin() {
    try (AzureStore store = vault.settings().open()) {
      assertThat(get(store, "key")).isEqualTo("held");
      for (Runnable revoke :
          List.<Runnable>of(vault.server::revokeTokens, vault.server::revokeTokensWithClaims)) {
        int before = vault.server.logins();
        revoke.run();
        assertThat(get(store, "key")).isEqualTo("held");
        assertThat(get(store, "key")).isEqualTo("held");
        assertThat(vault.server.logins() - before).isEqualTo(1);
      }
    }
  }

  @Test
  void refusedTokenDoesNotStopAWrite() {
    try (AzureStore store = vault.settings().open()) {
      put(store, "key", "one");
      vault.server.revokeTokens();
      put(store, "key", "two");
      assertThat(store.versions("key")).hasSize(3);
    }
  }

  @Test
  void tokenIsRenewedAheadOfItsEndAndKeptIfThatFails() {
    AtomicReference<Instant> now = new AtomicReference<>(InstantSource.system().instant());
    TestVault settings = vault.settings();
    settings.clock = () -> java.util.Objects.requireNonNull(now.get());
    try (AzureStore store = settings.open()) {
      assertThat(get(store, "key")).isEqualTo("held");
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(56)));
      vault.server.faults().rejectLogins();
      assertThat(get(store, "key")).isEqualTo("held");
      assertThat(get(store, "key")).isEqualTo("held");
    }
  }

  @Test
  void workloadLogsInWithTheTokenOfItsFileAndReadsItAnew() throws IOException {
    Path file = folder.resolve("token");
    Files.writeString(file, vault.server.federatedToken(Duration.ofMinutes(10)));
    TestVault settings =
        vault
            .settings()
            .without("client-secret")
            .with("credential", "workload-identity")
            .with("federated-token-file", file.toString());
    try (AzureStore store = settings.open()) {
      assertThat(get(store, "key")).isEqualTo("held");
      Files.writeString(file, "no token");
      vault.server.revokeTokens();
      failure(Kind.UNAUTHENTICATED, () -> store.fetch("key"));
      Files.writeString(file, vault.server.federatedToken(Duration.ofMinutes(10)));
      assertThat(get(store, "key")).isEqualTo("held");
      Files.delete(file);
      vault.server.revokeTokens();
      failure(Kind.CONFIGURATION, () -> store.fetch("key"));
    }
  }

  @Test
  void applicationLogsInWithItsCertificate() throws IOException {
    TestAuthority.Identity identity = vault.server.certificates().issue("RSA", "application");
    identity.writePem(folder, "app");
    Path both = folder.resolve("both.pem");
    Files.writeString(
        both,
        Files.readString(folder.resolve("app-key.pem"))
            + Files.readString(folder.resolve("app.pem")));
    vault.server.trustCertificate(identity.certificate());
    TestVault settings =
        vault
            .settings()
            .without("client-secret")
            .with("credential", "client-certificate")
            .with("client-certificate-file", both.toString());
    try (AzureStore store = settings.open()) {
      assertThat(get(store, "key")).isEqualTo("held");
    }
    settings.with("client-certificate-file", folder.resolve("none.pem").toString());
    try (AzureStore store = settings.open()) {
      SecretException failure = failure(Kind.CONFIGURATION, () -> store.fetch("key"));
      assertThat(failure).hasMessageContaining("none.pem");
    }
  }

  @Test
  void defaultFindsTheLoginOfTheEnvironment() {
    TestVault settings = byDefault();
    settings.environment.putAll(
        Map.of(
            "AZURE_TENANT_ID", vault.server.tenantId(),
            "AZURE_CLIENT_ID", vault.server.clientId(),
            "AZURE_CLIENT_SECRET", vault.server.clientSecret()));
    try (AzureStore store = settings.open()) {
      assertThat(get(store, "key")).isEqualTo("held");
    }
  }

  @Test
  void defaultThatFindsNothingSaysWhatToDo() {
    try (AzureStore store = byDefault().open()) {
      SecretException failure = failure(Kind.UNAUTHENTICATED, () -> store.fetch("key"));
      assertThat(failure).hasMessageContaining("azure.credential");
    }
  }

  /** Only what the environment says: elsewhere it would ask the network and other programs. */
  private static TestVault byDefault() {
    TestVault settings =
        vault
            .settings()
            .without("credential")
            .without("tenant-id")
            .without("client-id")
            .without("client-secret");
    settings.environment.put("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    return settings;
  }
}
