package de.lifetimecircle.secrets.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Serves over HTTPS the things that a job needs besides its backend: the archive, the service's
 * health, and the issuer of its identity token, which gives one for an audience to whoever has the
 * job's own token.
 */
final class RunnerServer implements AutoCloseable {
  final String requestToken = UUID.randomUUID().toString();
  private final HttpsServer server;
  private final Path caFile;
  private final UnaryOperator<String> tokenFor;
  private final Path archive;

  /** Starts it; the operator makes an identity token for an audience. */
  RunnerServer(Path folder, Path archive, UnaryOperator<String> tokenFor) throws IOException {
    this.archive = archive;
    this.tokenFor = tokenFor;
    TestAuthority authority = TestAuthority.create();
    this.caFile = authority.writePem(folder);
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.serverFor("127.0.0.1")));
    server.createContext("/secrets.tar.gz", this::archive);
    server.createContext("/token", this::token);
    server.createContext("/api/health", exchange -> answer(exchange, 200, new byte[0]));
    server.start();
  }

  String address() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The variables by which a step finds it. */
  Map<String, String> environment() {
    return Map.of(
        "CURL_CA_BUNDLE",
        caFile.toString(),
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        address() + "/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        requestToken);
  }

  private void archive(HttpExchange exchange) throws IOException {
    answer(exchange, 200, Files.readAllBytes(archive));
  }

  private void token(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String audience = query.substring(query.indexOf("&audience=") + "&audience=".length());
    boolean allowed =
        ("bearer " + requestToken).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    String token = tokenFor.apply(URLDecoder.decode(audience, StandardCharsets.UTF_8));
    byte[] body = Json.write(Map.of("count", 1, "value", token)).getBytes(StandardCharsets.UTF_8);
    answer(exchange, allowed ? 200 : 401, allowed ? body : new byte[0]);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
