package org.example.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Pem;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Recipes of docs/recipes.md that need no server of others, through a rotation each. */
class RecipesTest {
  @AutoClose private final Secrets secrets = new Secrets();

  @Test
  void theLinesOfThePageAreCompiled() throws Exception {
    assertThat(Pages.compiled()).containsAll(Pages.java("docs/recipes.md"));
    assertThat(Pages.java("docs/recipes.md")).hasSizeGreaterThan(100);
    Figures.add(Pages.java("docs/recipes.md").size() + " lines of docs/recipes.md are compiled");
  }

  @Test
  void anAuthenticatorFollows() throws Exception {
    AtomicReference<String> accepted = new AtomicReference<>("first");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext(
            "/",
            exchange -> {
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            })
        .setAuthenticator(
            new BasicAuthenticator("partner") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return user.equals("shop") && password.equals(accepted.get());
              }
            });
    server.start();
    try {
      secrets.put("shop/PARTNER_LOGIN", "first");
      HttpClient client =
          HttpClient.newBuilder().authenticator(new AuthenticatorRecipe(secrets.provider)).build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort())).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(204);
      accepted.set("second");
      secrets.store.holding("shop/PARTNER_LOGIN", "second"); // and nobody has told the cache
      Waiting.pause(Duration.ofMillis(1100));
      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    } finally {
      server.stop(0);
    }
    Figures.add("Authenticator");
  }

  @Test
  void aKeyManagerFollows() throws Exception {
    TestAuthority authority = TestAuthority.create();
    TestAuthority.Identity first = authority.issue("EC", "localhost");
    TestAuthority.Identity second = authority.issue("EC", "localhost");
    try (LeakProbe probe = LeakProbe.start()) {
      secrets.put("shop/TLS", Pem.of(first, probe));
      try (SecretHandle handle = secrets.provider.handle("shop/TLS")) {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {new PemKeyManager(handle)}, null, null);
        try (SSLServerSocket listening =
            (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
          Thread serving = new Thread(() -> serve(listening));
          serving.setDaemon(true);
          serving.start();
          assertThat(served(authority, listening)).isEqualTo(first.certificate());
          secrets.put("shop/TLS", "broken");
          assertThat(served(authority, listening)).isEqualTo(first.certificate());
          secrets.put("shop/TLS", Pem.of(second, probe));
          assertThat(served(authority, listening)).isEqualTo(second.certificate());
        }
      }
    }
    Figures.add("key manager");
  }

  private static void serve(SSLServerSocket listening) {
    while (!listening.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listening.accept()) {
        socket.getOutputStream().write(1);
      } catch (IOException e) {
        continue; // closed, or a client that has seen enough
      }
    }
  }

  /** The certificate that a new client sees: one that resumes no session. */
  private static X509Certificate served(TestAuthority authority, SSLServerSocket listening)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            authority.client().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }
}
