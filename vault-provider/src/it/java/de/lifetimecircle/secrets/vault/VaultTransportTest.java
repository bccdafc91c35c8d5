package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.RecordingProxy;
import de.lifetimecircle.secrets.testservers.TlsTestServer;
import de.lifetimecircle.secrets.testservers.TlsTestServer.Clients;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Proxies and certificates on the way to a server that answers every read. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class VaultTransportTest {
  private static final String HOST = "vault.invalid";
  private static final String SECRET =
      "{\"data\":{\"data\":{\"value\":\"held\"},\"metadata\":{\"version\":3,"
          + "\"created_time\":\"2026-11-24T10:00:00.5Z\",\"deletion_time\":\"\","
          + "\"destroyed\":false}}}";

  @TempDir private Path folder;
  private final TestAuthority authority = TestAuthority.create();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();

  private VaultStore open() {
    settings.putIfAbsent("address", "https://" + HOST);
    settings.put("token", "t");
    settings.put("ca-file", authority.writePem(folder).toString());
    return (VaultStore)
        new VaultStoreFactory()
            .open(
                new StoreConfig(
                    settings,
                    name -> Optional.ofNullable(environment.get(name)),
                    Duration.ofSeconds(30),
                    InstantSource.system()));
  }

  private SecretException failure() {
    try (VaultStore store = open()) {
      return catchThrowableOfType(SecretException.class, () -> store.fetch("name"));
    }
  }

  private void assertThatTheProxyCarries() throws IOException {
    try (VaultStore store = open()) {
      assertThat(VaultTestServer.text(store, "name")).isEqualTo("held");
    }
  }

  @Test
  void eachOfTheThreeSettingsOfAProxyIsUsedAndOnlyTheProxySeesItsCredentials() throws IOException {
    try (TlsTestServer server = TlsTestServer.start(authority, HOST, SECRET, Clients.ANYBODY);
        RecordingProxy proxy = new RecordingProxy(server.port(), "app:canary pw")) {
      String url = "http://app:canary%20pw@127.0.0.1:" + proxy.port();
      settings.put("proxy", url);
      assertThatTheProxyCarries();
      settings.remove("proxy");
      environment.put("HTTPS_PROXY", url);
      assertThatTheProxyCarries();
      environment.clear();
      withJvmProxy(proxy.port(), this::assertThatTheProxyCarries);
      assertThat(proxy.requests()).allMatch(line -> line.startsWith("CONNECT " + HOST + ":443 "));
      assertThat(proxy.requests().size()).isGreaterThanOrEqualTo(3);
      assertThat(server.headers())
          .isNotEmpty()
          .allMatch(headers -> !headers.containsKey("Proxy-authorization"));
    }
  }

  private interface Look {
    void look() throws IOException;
  }

  private static void withJvmProxy(int port, Look look) throws IOException {
    Map<String, String> set =
        Map.of(
            "https.proxyHost", "127.0.0.1",
            "https.proxyPort", "" + port,
            "https.proxyUser", "app",
            "https.proxyPassword", "canary pw");
    set.forEach(System::setProperty);
    try {
      look.look();
    } finally {
      set.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void hostOfTheBypassListIsNotAskedThroughTheProxy() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1)) {
      environment.put("HTTPS_PROXY", proxy.url());
      environment.put("NO_PROXY", "other.example, .invalid");
      assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
      environment.clear();
      settings.put("proxy", "direct");
      withJvmProxy(proxy.port(), () -> assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE));
      settings.remove("proxy");
      System.setProperty("http.nonProxyHosts", "*.invalid");
      try {
        withJvmProxy(proxy.port(), () -> assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE));
      } finally {
        System.clearProperty("http.nonProxyHosts");
      }
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @Test
  void wrongCredentialsOfTheProxyShowNowhere() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1, "app:other")) {
      settings.put("proxy", "http://app:canary-pw@127.0.0.1:" + proxy.port());
      SecretException failure = failure();
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure)
          .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port() + " of vault.proxy")
          .hasMessageNotContaining("canary");
      assertThat(String.valueOf(failure.getCause())).doesNotContain("canary");
      assertThat(proxy.requests()).isNotEmpty();
    }
  }

  @Test
  void rotatedAuthorityAndClientCertificateTakeEffectWithoutARestart() throws Exception {
    settings.put("client-cert-file", folder.resolve("app.pem").toString());
    settings.put("client-key-file", folder.resolve("app-key.pem").toString());
    authority.issue("EC", "app").writePem(folder, "app");
    try (TlsTestServer server =
        TlsTestServer.start(authority, "localhost", SECRET, Clients.KNOWN)) {
      settings.put("address", "https://localhost:" + server.port());
      try (VaultStore store = open()) {
        assertThat(VaultTestServer.text(store, "name")).isEqualTo("held");
        TestAuthority next = TestAuthority.create();
        server.restart(next);
        assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("name")).kind())
            .isEqualTo(Kind.UNAVAILABLE);
        next.writePem(folder);
        next.issue("EC", "app").writePem(folder, "app");
        assertThat(eventually(store)).isEqualTo("held");
      }
    }
  }

  /** The files are looked at once a second. */
  private static String eventually(VaultStore store) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      try {
        return VaultTestServer.text(store, "name");
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    throw new AssertionError("the new files were not read");
  }
}
