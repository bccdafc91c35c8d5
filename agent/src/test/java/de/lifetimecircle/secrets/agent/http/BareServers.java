package de.lifetimecircle.secrets.agent.http;

import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two servers beside which {@link CachedReads} measures the agent. Both give the same bytes to
 * everybody and know neither cache, rules nor log: the agent's own server of HTTP with such a
 * handler, and the one of the JDK. Prints their ports, and ends with its standard input. A program,
 * because figures on a busy machine are no test.
 */
final class BareServers {
  /** What the secret of the agent holds too. */
  static final String VALUE = "0123456789abcdef0123456789abcdef";

  private BareServers() {}

  public static void main(String[] args) throws IOException {
    byte[] body = VALUE.getBytes(StandardCharsets.US_ASCII);
    ExecutorService pool = Executors.newCachedThreadPool();
    HttpServer jdk = HttpServer.create(anyPort(), 128);
    jdk.setExecutor(pool);
    jdk.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    jdk.start();
    try (AgentServer own =
        new AgentServer(ServerLimits.STANDARD, new AgentMetrics(), TcpPeerLookup.ofThisHost())) {
      InetSocketAddress address =
          own.listen(
              anyPort(),
              (request, peer, room) ->
                  HttpAnswer.of(200, "application/octet-stream", body.clone()));
      System.out.println("own=" + address.getPort() + " jdk=" + jdk.getAddress().getPort());
      long unused = System.in.transferTo(OutputStream.nullOutputStream());
    } finally {
      jdk.stop(0);
      pool.shutdownNow();
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
