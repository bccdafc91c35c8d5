package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.RecordingProxy;
import de.lifetimecircle.secrets.testservers.TlsTestServer;
import de.lifetimecircle.secrets.testservers.TlsTestServer.Clients;
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

/** Proxies and authorities on the way to a server that answers every read. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AwsProxyTest {
  private static final String HOST = "secretsmanager.invalid";
  private static final String SECRET =
      "{\"Name\":\"name\",\"VersionId\":\"12345678-1234-1234-1234-123456789012\","
          + "\"SecretString\":\"held\",\"VersionStages\":[\"AWSCURRENT\"],"
          + "\"CreatedDate\":1764000000}";

  @TempDir private Path folder;
  private final TestAuthority authority = TestAuthority.create();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();

  private AwsStore open() {
    settings.put("region", "eu-central-1");
    settings.putIfAbsent("endpoint", "https://" + HOST);
    settings.put("access-key-id", "AKIAQ7ZJ2LR9XWT4BN8S");
    settings.put("secret-access-key", "vJm2/Lr9XwT4bN8sKdqZ7vPq");
    settings.put("ca-file", authority.writePem(folder).toString());
    return new AwsStore(
        Settings.of(
            new StoreConfig(
                settings,
                name -> Optional.ofNullable(environment.get(name)),
                Duration.ofSeconds(30),
                InstantSource.system())));
  }

  private static String read(AwsStore store) {
    try (SecretValue value = store.fetch("name").value()) {
      return value.asString();
    }
  }

  private void assertHeld() {
    try (AwsStore store = open()) {
      assertThat(read(store)).isEqualTo("held");
    }
  }

  private SecretException failure() {
    try (AwsStore store = open()) {
      return catchThrowableOfType(SecretException.class, () -> read(store));
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
  void eachOfTheThreeSettingsOfAProxyIsUsedAndOnlyTheProxySeesItsCredentials() throws IOException {
    try (TlsTestServer server = TlsTestServer.start(authority, HOST, SECRET, Clients.ANYBODY);
        RecordingProxy proxy = new RecordingProxy(server.port(), "app:canary pw")) {
      String url = "http://app:canary%20pw@127.0.0.1:" + proxy.port();
      settings.put("proxy", url);
      assertHeld();
      settings.remove("proxy");
      environment.put("HTTPS_PROXY", url);
      assertHeld();
      environment.clear();
      withJvmProxy(proxy.port(), this::assertHeld);
      assertThat(proxy.requests())
          .hasSize(3)
          .allMatch(request -> request.startsWith("CONNECT " + HOST + ":443 "));
      assertThat(server.headers())
          .hasSize(3)
          .allMatch(headers -> !headers.containsKey("Proxy-authorization"));
    }
  }

  @Test
  void hostOfTheBypassListIsNotAskedThroughTheProxy() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1)) {
      environment.put("HTTPS_PROXY", proxy.url());
      environment.put("NO_PROXY", "other.example," + HOST + ":443");
      assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
      environment.clear();
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
  void proxyThatRefusesTheLoginIsNamedWithoutItsPassword() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1, "app:other")) {
      String url = "http://app:canary-pw@127.0.0.1:" + proxy.port();
      settings.put("proxy", url);
      assertRefused("the proxy 127.0.0.1:" + proxy.port() + " of aws.proxy does not accept");
      settings.remove("proxy");
      environment.put("HTTPS_PROXY", url);
      assertRefused("127.0.0.1:" + proxy.port() + " of HTTPS_PROXY does not accept");
      environment.put("HTTPS_PROXY", proxy.url());
      assertRefused("127.0.0.1:" + proxy.port() + " of HTTPS_PROXY asks for credentials");
      environment.clear();
      withJvmProxy(proxy.port(), () -> assertRefused(" of https.proxyHost does not accept"));
      assertThat(proxy.requests()).isNotEmpty();
    }
  }

  private void assertRefused(String words) {
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(failure)
        .hasMessageContaining(words)
        .hasMessageContaining("set aws.proxy to http://USER:PASSWORD@HOST:PORT")
        .hasMessageNotContaining("canary");
  }

  /** Else a proxy's block list would read as a policy of AWS. */
  @Test
  void proxyThatOpensNoTunnelIsNotTakenForAws() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(1)) {
      settings.put("proxy", proxy.url());
      proxy.refuse("403 Forbidden");
      SecretException forbidden = failure();
      assertThat(forbidden.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(forbidden)
          .hasMessageContaining(
              "aws.proxy does not let this client through to " + HOST + " (status 403)");
      proxy.refuse("504 Gateway Timeout");
      SecretException late = failure();
      assertThat(late.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(late).hasMessageContaining("aws.proxy could not reach " + HOST + " (status 504)");
    }
  }

  @Test
  void rotatedAuthorityTakesEffectWithoutARestart() throws InterruptedException {
    try (TlsTestServer server =
        TlsTestServer.start(authority, "localhost", SECRET, Clients.ANYBODY)) {
      settings.put("endpoint", "https://localhost:" + server.port());
      try (AwsStore store = open()) {
        assertThat(read(store)).isEqualTo("held");
        TestAuthority next = TestAuthority.create();
        server.restart(next);
        assertThat(catchThrowableOfType(SecretException.class, () -> read(store)).kind())
            .isEqualTo(Kind.UNAVAILABLE);
        next.writePem(folder);
        assertThat(eventually(store)).isEqualTo("held");
      }
    }
  }

  /** The file is looked at once a second. */
  private static String eventually(AwsStore store) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      try {
        return read(store);
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    throw new AssertionError("the new file was not read");
  }
}
