package de.lifetimecircle.secrets.azure;

import static de.lifetimecircle.secrets.azure.AzureTestVault.get;
import static de.lifetimecircle.secrets.azure.AzureTestVault.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.azure.login.Tokens;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureLoginTest extends AzureOnTestVault {
  private static final int READERS = 32;

  @BeforeEach
  void seed() {
    vault.hold("key", "held");
  }

  @ParameterizedTest
  @CsvSource({
    "client-secret, x7Q~wRk2.Zv9pLm4TfYq_hB, AADSTS7000215, azure.client-secret",
    "client-id, 00000000-0000-0000-0000-000000000001, AADSTS700016, azure.client-id",
    "tenant-id, 00000000-0000-0000-0000-000000000002, AADSTS90002, azure.tenant-id"
  })
  void wrongLoginIsToldOnceAndWithItsCode(String key, String value, String code, String advice) {
    AzureTestVault settings = vault.settings().with(key, value);
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
    vault.proxy.intercept(AzureLoginTest::whenTheOthersWait);
    try (AzureStore store = vault.settings().with("client-secret", "wrong-secret").open()) {
      assertThat(together(store)).containsOnly("UNAUTHENTICATED");
      assertThat(vault.server.loginAttempts() - before).isEqualTo(2);
    }
  }

  /** Who begins after the others' login has failed would try one more: so none comes late. */
  private static @Nullable Answer whenTheOthersWait(Request request) {
    CountDownLatch never = new CountDownLatch(1);
    try {
      for (int i = 0; i < 1600 && isLogin(request) && waiting() < READERS - 1; i++) {
        var unused = never.await(5, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  private static boolean isLogin(Request request) {
    return request.target().contains("/oauth2/v2.0/token");
  }

  /** How many wait for the login of another. */
  private static long waiting() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            frames ->
                Arrays.stream(frames)
                    .anyMatch(
                        frame ->
                            frame.getClassName().equals(Tokens.class.getName())
                                && frame.getMethodName().equals("acquire")))
        .count();
  }

  private static List<String> together(AzureStore store) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
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

  /** What a machine's token service says while it is not ready; MSAL would wait up to 70 s. */
  @ParameterizedTest
  @ValueSource(ints = {404, 408, 410, 429, 500})
  void loginThatIsNotReadyIsAskedOnceAndTakesTheTimeOfItsAnswer(int status) {
    AtomicInteger asked = new AtomicInteger();
    vault.proxy.intercept(
        request -> {
          if (!isLogin(request)) {
            return null;
          }
          asked.incrementAndGet();
          return Answer.of(status, Documented.JSON, "{}").with("retry-after", "3");
        });
    try (AzureStore store = vault.settings().open()) {
      SecretException failure = failure(() -> store.fetch("key"));
      assertThat(failure.kind()).isEqualTo(status == 429 ? Kind.THROTTLED : Kind.UNAVAILABLE);
      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
      assertThat(asked).hasValue(1);
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
    AzureTestVault settings = vault.settings();
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
    AzureTestVault settings =
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
    AzureTestVault settings =
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

  private static AzureTestVault byPkcs12(Path file) {
    return vault
        .settings()
        .without("client-secret")
        .with("credential", "client-certificate")
        .with("client-certificate-file", file.toString());
  }

  private static Path pkcs12(String name, String password) throws Exception {
    TestAuthority.Identity identity = vault.server.certificates().issue("RSA", "application");
    vault.server.trustCertificate(identity.certificate());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "application",
        identity.key(),
        password.toCharArray(),
        new Certificate[] {identity.certificate()});
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      keys.store(out, password.toCharArray());
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({"app.pfx, ''", "app.p12, 'one two: 3'", "app.cert, pass"})
  void applicationLogsInWithACertificateInPkcs12(String name, String password) throws Exception {
    AzureTestVault settings = byPkcs12(pkcs12(name, password));
    if (!password.isEmpty()) {
      settings.with("client-certificate-password", password);
    }
    try (AzureStore store = settings.open()) {
      assertThat(get(store, "key")).isEqualTo("held");
    }
  }

  @Test
  void wrongPasswordOfACertificateIsAConfigurationAndIsNotShown() throws Exception {
    Path file = pkcs12("locked.pfx", "right");
    Path text = Files.writeString(folder.resolve("text.pfx"), "no certificate");
    Path pem = Files.writeString(folder.resolve("text.pem"), "no certificate");
    try (LeakProbe probe = LeakProbe.start()) {
      String wrong = probe.canary("password");
      for (AzureTestVault settings :
          List.of(
              byPkcs12(file).with("client-certificate-password", wrong),
              byPkcs12(file),
              byPkcs12(text).with("client-certificate-password", wrong),
              byPkcs12(pem))) {
        try (AzureStore store = settings.open()) {
          SecretException failure = failure(Kind.CONFIGURATION, () -> store.fetch("key"));
          assertThat(failure).hasMessageContaining("azure.client-certificate-password");
          probe.look("exception", failure);
        }
      }
      probe.assertClean();
    }
  }

  @Test
  void defaultFindsTheLoginOfTheEnvironment() {
    AzureTestVault settings = byDefault();
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
  private static AzureTestVault byDefault() {
    AzureTestVault settings =
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
