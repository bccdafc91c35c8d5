package de.lifetimecircle.secrets.testservers.keyvault;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.OutsideTheRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The test vault's HTTP side: the JDK's own server ({@code jdk.httpserver}, a supported module),
 * over TLS, on loopback, with at most {@value #THREADS} threads. Safe for use by several threads.
 */
@OutsideTheRules
final class KeyVaultHttp implements AutoCloseable {
  private static final int THREADS = 32;
  private static final int BACKLOG = 256;

  static {
    // Without it a small answer waits some 40 ms for the client's delayed acknowledgement. Read
    // once, when the JDK's server is first used: a program that used it before sets it itself.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static final System.Logger LOG = System.getLogger(KeyVaultHttp.class.getName());

  private final HttpsServer server;
  private final ThreadPoolExecutor threads;
  private final KeyVaultFaults faults;
  private final Function<KeyVaultCall, KeyVaultFaults.Strike> routes;
  private final AtomicInteger connections = new AtomicInteger();

  private KeyVaultHttp(
      HttpsServer server,
      KeyVaultFaults faults,
      Function<KeyVaultCall, KeyVaultFaults.Strike> routes) {
    this.server = server;
    this.faults = faults;
    this.routes = routes;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "key-vault-server");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  static KeyVaultHttp start(
      int port,
      TestAuthority certificates,
      KeyVaultFaults faults,
      Function<KeyVaultCall, KeyVaultFaults.Strike> routes) {
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
      KeyVaultHttp http = new KeyVaultHttp(HttpsServer.create(address, BACKLOG), faults, routes);
      http.open(certificates.serverFor("localhost", "127.0.0.1"));
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on port " + port, e);
    }
  }

  private void open(SSLContext tls) {
    server.setHttpsConfigurator(new Counter(tls, connections));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Sees every connection once, before its handshake. */
  @OutsideTheRules
  private static final class Counter extends HttpsConfigurator {
    private final AtomicInteger connections;

    Counter(SSLContext tls, AtomicInteger connections) {
      super(tls);
      this.connections = connections;
    }

    @Override
    public void configure(HttpsParameters parameters) {
      connections.incrementAndGet();
      parameters.setSSLParameters(getSSLContext().getDefaultSSLParameters());
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  int connections() {
    return connections.get();
  }

  void resetCounts() {
    connections.set(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    KeyVaultCall call = KeyVaultCall.read(exchange);
    KeyVaultReply reply = reply(call);
    if (reply == null) {
      faults.hold(exchange::close);
    } else {
      send(exchange, call, reply);
    }
  }

  private @Nullable KeyVaultReply reply(KeyVaultCall call) {
    try {
      return routes.apply(call).reply();
    } catch (KeyVaultRefusal refusal) {
      return refusal.reply();
    } catch (RuntimeException e) {
      // A bug in this server. Its message may contain data that a client sent, so only the place is
      // logged.
      String place = e.getClass().getName() + " at " + List.of(e.getStackTrace());
      LOG.log(System.Logger.Level.ERROR, "The test vault has a defect: " + place);
      return KeyVaultReply.json(
          500, KeyVaultReply.error("InternalError", "The test server has a defect.", null));
    }
  }

  private static void send(HttpExchange exchange, KeyVaultCall call, KeyVaultReply reply)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-cache");
    headers.set("Pragma", "no-cache");
    headers.set("Expires", "-1");
    headers.set("x-ms-keyvault-region", "test");
    headers.set("x-ms-request-id", UUID.randomUUID().toString());
    call.header("x-ms-client-request-id")
        .ifPresent(id -> headers.set("x-ms-client-request-id", id));
    headers.set("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(headers::set);
    byte[] body = new byte[0];
    if (reply.body() != null) {
      headers.set("Content-Type", "application/json; charset=utf-8");
      body = Json.write(reply.body()).getBytes(StandardCharsets.UTF_8);
    }
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
