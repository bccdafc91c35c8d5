package de.lifetimecircle.secrets.testservers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * An HTTPS server on loopback that gives every request the same answer, remembers the headers, and
 * can be started again on its port with certificates of another authority. Safe for use by several
 * threads, but for {@link #restart}.
 */
@OutsideTheRules // jdk.httpserver is a supported module
public final class TlsTestServer implements AutoCloseable {
  /** The certificates that a client has to present. */
  public enum Clients {
    /** Nothing. */
    ANYBODY,
    /** A certificate of the server's own authority. */
    KNOWN
  }

  private final String host;
  private final String body;
  private final Clients clients;
  private final List<Map<String, List<String>>> headers =
      Collections.synchronizedList(new ArrayList<>());
  private HttpsServer server;

  private TlsTestServer(TestAuthority authority, String host, String body, Clients clients) {
    this.host = host;
    this.body = body;
    this.clients = clients;
    this.server = start(authority, 0);
  }

  /**
   * Starts a server.
   *
   * @param host the name that its certificate is for
   * @param body the answer to every request, as JSON
   */
  public static TlsTestServer start(
      TestAuthority authority, String host, String body, Clients clients) {
    return new TlsTestServer(authority, host, body, clients);
  }

  /** Ends all connections and starts again on the same port with the other authority. */
  public void restart(TestAuthority authority) {
    int port = port();
    server.stop(0);
    server = start(authority, port);
  }

  /** Returns its port on loopback. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns the headers of each request. */
  public List<Map<String, List<String>>> headers() {
    return List.copyOf(headers);
  }

  private HttpsServer start(TestAuthority authority, int port) {
    try {
      HttpsServer made =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
      made.setHttpsConfigurator(new ClientCheck(authority.serverFor(host), clients));
      made.createContext("/", this::answer);
      made.start();
      return made;
    } catch (IOException e) {
      throw new IllegalStateException("Cannot start a server", e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      exchange.getRequestBody().readAllBytes();
      byte[] answer = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** Ends the server. */
  @Override
  public void close() {
    server.stop(0);
  }

  /** Asks each client for a certificate, or none. */
  @OutsideTheRules
  private static final class ClientCheck extends HttpsConfigurator {
    private final Clients clients;

    ClientCheck(SSLContext context, Clients clients) {
      super(context);
      this.clients = clients;
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters own = getSSLContext().getDefaultSSLParameters();
      own.setNeedClientAuth(clients == Clients.KNOWN);
      parameters.setSSLParameters(own);
    }
  }
}
