package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.IdentityEndpoints;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.RecordingProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Proxies and authorities on the way; that no login on the machine takes it: AzureProcessTest. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AzureTransportTest {
  private static final String SENT =
      "Proxy-Authorization: Basic "
          + Base64.getEncoder().encodeToString("app:canary pw".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder;
  private VaultBehindProxy vault;

  @BeforeEach
  void start() {
    vault = new VaultBehindProxy(folder);
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  /** A vault that only a proxy reaches, under a name that its certificate does not have. */
  private AzureTestVault far() {
    return vault.settings().with("vault-url", "https://vault.invalid");
  }

  private static void assertUnavailable(AzureTestVault settings) {
    try (AzureStore store = settings.open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch("name"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasMessageNotContaining("canary");
      assertThat(String.valueOf(failure.getCause())).doesNotContain("canary");
    }
  }

  private static void assertSeen(RecordingProxy proxy, int requests) {
    assertThat(proxy.requests())
        .hasSize(requests)
        .allSatisfy(
            request -> assertThat(request).startsWith("CONNECT vault.invalid:443 ").contains(SENT));
  }

  @Test
  void eachOfTheThreeSettingsOfAProxyIsUsedWithItsCredentials() throws IOException {
    int port = vault.proxy.uri().getPort();
    try (RecordingProxy proxy = new RecordingProxy(port, "app:canary pw")) {
      String url = "http://app:canary%20pw@127.0.0.1:" + proxy.port();
      assertUnavailable(far().with("proxy", url));
      assertSeen(proxy, 1);
      AzureTestVault byEnvironment = far();
      byEnvironment.environment.put("https_proxy", url);
      assertUnavailable(byEnvironment);
      assertSeen(proxy, 2);
      withJvmProxy(proxy.port(), () -> assertUnavailable(far()));
      assertSeen(proxy, 3);
      byEnvironment.environment.put("no_proxy", "invalid");
      assertUnavailable(byEnvironment);
      assertUnavailable(byEnvironment.with("proxy", "direct"));
      assertSeen(proxy, 3);
    }
  }

  private static void withJvmProxy(int port, Runnable look) {
    Map<String, String> set =
        Map.of(
            "https.proxyHost", "127.0.0.1",
            "https.proxyPort", "" + port,
            "https.proxyUser", "app",
            "https.proxyPassword", "canary pw");
    set.forEach(System::setProperty);
    try {
      look.run();
    } finally {
      set.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void proxyThatRefusesTheLoginIsNamedWithoutItsPassword() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1, "app:other")) {
      String address = "127.0.0.1:" + proxy.port();
      AzureTestVault settings = far().with("proxy", "http://app:canary-pw@" + address);
      try (AzureStore store = settings.open()) {
        SecretException failure =
            catchThrowableOfType(SecretException.class, () -> store.fetch("name"));
        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
            .hasMessageContaining("the proxy " + address + " of azure.proxy does not accept")
            .hasMessageNotContaining("canary");
      }
      assertThat(proxy.requests()).isNotEmpty();
    }
  }

  @Test
  void endpointOfTheEnvironmentIsReachedDirectlyWhereverItIs() {
    String fabric = "https://10.0.0.4:2377/metadata/identity/oauth2/token";
    for (String variable : IdentityEndpoints.VARIABLES) {
      assertThat(IdentityEndpoints.hosts(Map.of(variable, fabric))).containsExactly("10.0.0.4");
    }
    assertThat(IdentityEndpoints.hosts(Map.of("IDENTITY_HEADER", fabric))).isEmpty();
    assertThat(IdentityEndpoints.hosts(Map.of("IDENTITY_ENDPOINT", "not a URL"))).isEmpty();
  }

  @Test
  void rotatedAuthorityTakesEffectWithoutARestart() throws InterruptedException {
    vault.hold("name", "held");
    AzureTestVault settings = vault.settings();
    TestAuthority.create().writePem(folder); // over the file of the server's authority
    try (AzureStore store = settings.open()) {
      assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("name")).kind())
          .isEqualTo(Kind.UNAVAILABLE);
      vault.server.certificates().writePem(folder);
      assertThat(eventually(store)).isEqualTo("held");
    }
  }

  /** The file is looked at once a second. */
  private static String eventually(AzureStore store) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      try {
        return AzureTestVault.get(store, "name");
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    throw new AssertionError("the new file was not read");
  }
}
