package de.lifetimecircle.secrets.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small HTTP service on loopback that signs tokens with {@code LTC_SECRET_KEY} and verifies them:
 * the quickstart's program.
 *
 * <p>{@code POST /token} issues a token, {@code GET /verify} with {@code Authorization: Bearer
 * TOKEN} verifies it, {@code GET /health} tells the version of the key in use. None shows a key.
 */
public final class TokenService implements AutoCloseable {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final int WORKERS = 4;

  private final SecretProvider secrets;
  private final SignedTokens tokens;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

  TokenService(SecretProvider secrets, int port) throws IOException {
    this.secrets = secrets;
    this.tokens = new SignedTokens(secrets, KEY, InstantSource.system());
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(workers);
    server.createContext("/token", exchange -> answer(exchange, "POST", this::token));
    server.createContext("/verify", exchange -> answer(exchange, "GET", this::verify));
    server.createContext("/health", exchange -> answer(exchange, "GET", this::health));
    server.start();
  }

  /**
   * Starts the service and runs until it is stopped.
   *
   * @param args the port; 0, the default, lets the system choose
   */
  public static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
    TokenService service = new TokenService(SecretProvider.open(), port);
    Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    System.out.println("listening on http://127.0.0.1:" + service.port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  private record Answer(int status, String text) {}

  private interface Handler {
    Answer handle(HttpExchange exchange);
  }

  private Answer token(HttpExchange exchange) {
    SignedTokens.Token token = tokens.issue("quickstart");
    return new Answer(200, token.keyVersion() + " " + token.text());
  }

  private Answer verify(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Bearer ")) {
      return new Answer(401, "no token");
    }
    Optional<String> version = tokens.verify(header.substring("Bearer ".length()));
    return version.map(v -> new Answer(200, v)).orElse(new Answer(401, "not a valid token"));
  }

  private Answer health(HttpExchange exchange) {
    return new Answer(200, secrets.get(KEY).version());
  }

  private static void answer(HttpExchange exchange, String method, Handler handler)
      throws IOException {
    try (exchange) {
      Answer answer;
      if (!exchange.getRequestMethod().equals(method)) {
        answer = new Answer(405, "use " + method);
      } else {
        try {
          answer = handler.handle(exchange);
        } catch (SecretException e) { // its text holds no value; the caller need not see it either
          System.err.println(e.getMessage());
          answer = new Answer(503, "the key cannot be had: " + e.kind());
        }
      }
      byte[] body = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdown();
    secrets.close();
  }
}
