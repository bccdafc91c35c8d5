package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers and ends of requests against a server that answers and one that never does. */
class HttpTransportTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int MOST = 1000;

  private final HttpServer server;
  private final HttpTransport transport = transport(ProxySettings.KEY, "direct");

  HttpTransportTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", HttpTransportTest::answer);
    server.start();
  }

  @AfterEach
  void close() {
    transport.close();
    server.stop(0);
  }

  private static HttpTransport transport(String key, String value) {
    return transport(key, value, Optional::empty);
  }

  private static HttpTransport transport(
      String key, String value, Supplier<Optional<SSLContext>> trust) {
    StoreConfig config =
        new StoreConfig(Map.of(key, value), name -> Optional.empty(), LONG, InstantSource.system());
    ProxySettings proxy = ProxySettings.of(config, "example", new ConfigProblems());
    return new HttpTransport(
        new HttpTransport.Settings("secrets-example", 1, LONG, MOST, Redirect.NEVER, proxy), trust);
  }

  /** The path says how long the body is. */
  private static void answer(HttpExchange exchange) throws IOException {
    int length = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
    exchange.getResponseHeaders().set("Example", "of the server");
    exchange.sendResponseHeaders(404, length == 0 ? -1 : length);
    exchange.getResponseBody().write("x".repeat(length).getBytes(StandardCharsets.US_ASCII));
    exchange.close();
  }

  private HttpRequest.Builder request(int length) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + length));
  }

  private static HttpRequest.Builder silent(ServerSocket socket) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + socket.getLocalPort()));
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @Test
  void answerOfAnyStatusIsHandedOnWhole() throws Exception {
    for (int length : new int[] {0, 1, MOST}) {
      HttpTransport.Answer answer = transport.send(request(length), LONG);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.headers().firstValue("example")).contains("of the server");
      assertThat(answer.body()).hasSize(length);
      assertThat(answer).hasToString("Answer[404]");
    }
  }

  @Test
  void answerThatIsTooLongIsAFailure() throws Exception {
    assertThatThrownBy(() -> transport.send(request(MOST + 1), LONG))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("too long");
    assertThat(transport.send(request(1), LONG).body()).hasSize(1);
  }

  @Test
  void requestWithoutAnAnswerEndsInTimeAndGivesItsTurnBack() throws Exception {
    try (ServerSocket silent = socket()) {
      for (int i = 0; i < 3; i++) {
        Throwable late =
            catchThrowable(() -> transport.send(silent(silent), Duration.ofMillis(50)));
        // The client's own limit and that of the wait come at once.
        assertThat(late).isInstanceOfAny(TimeoutException.class, ExecutionException.class);
        assertThat(late).isNotInstanceOf(HttpTransport.NoTurnException.class);
        if (late instanceof ExecutionException) {
          assertThat(NetworkFailure.of(late))
              .get()
              .isIn(NetworkFailure.TIMEOUT, NetworkFailure.CONNECT_TIMEOUT);
        }
      }
    }
    assertThat(transport.send(request(1), LONG).body()).hasSize(1);
  }

  /** Sends on another thread, once the server has the connection. */
  private CompletableFuture<Throwable> waiting(ServerSocket silent, Thread[] sender)
      throws IOException {
    CompletableFuture<Throwable> end =
        CompletableFuture.supplyAsync(
            () -> catchThrowable(() -> transport.send(silent(silent), LONG)),
            task -> {
              sender[0] = new Thread(task, "sender");
              sender[0].start();
            });
    var unused = silent.accept();
    return end;
  }

  private static Kind kind(CompletableFuture<Throwable> end) throws Exception {
    return ((StoreFailure) end.get()).kind();
  }

  @Test
  void interruptAndCloseEndARequest() throws Exception {
    Thread[] sender = new Thread[1];
    try (ServerSocket silent = socket()) {
      CompletableFuture<Throwable> interrupted = waiting(silent, sender);
      sender[0].interrupt();
      assertThat(kind(interrupted)).isEqualTo(Kind.INTERRUPTED);
      assertThat(transport.holdsClient()).isTrue();
      CompletableFuture<Throwable> closed = waiting(silent, sender);
      transport.close();
      assertThat(kind(closed)).isEqualTo(Kind.CLOSED);
    }
    assertThat(transport.holdsClient()).isFalse();
    assertThat(catchThrowable(() -> transport.send(request(1), LONG)))
        .isInstanceOfSatisfying(
            StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
  }

  /** The trust may be on a file system that hangs. */
  @Test
  void neitherAWaitingThreadNorTheCloseIsHeldUpByTheTrust() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    HttpTransport slow =
        transport(
            ProxySettings.KEY,
            "direct",
            () -> {
              asked.countDown();
              try {
                read.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Optional.empty();
            });
    CompletableFuture<Throwable> first =
        CompletableFuture.supplyAsync(
            () -> catchThrowable(() -> slow.send(request(1), LONG)),
            task -> new Thread(task, "first").start());
    asked.await();
    Thread[] sender = new Thread[1];
    CompletableFuture<Throwable> second =
        CompletableFuture.supplyAsync(
            () -> catchThrowable(() -> slow.send(request(1), LONG)),
            task -> {
              sender[0] = new Thread(task, "second");
              sender[0].start();
            });
    sender[0].interrupt();
    assertThat(kind(second)).isEqualTo(Kind.INTERRUPTED);
    slow.close();
    read.countDown();
    assertThat(kind(first)).isEqualTo(Kind.CLOSED);
    assertThat(slow.holdsClient()).isFalse();
  }

  @Test
  void proxyThatRefusesIsNotTheServer() throws IOException {
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(407, -1);
          exchange.close();
        });
    proxy.start();
    try (HttpTransport far =
        transport(ProxySettings.KEY, "http://127.0.0.1:" + proxy.getAddress().getPort())) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://example.invalid/"));
      assertThat(catchThrowable(() -> far.send(request, LONG)))
          .isInstanceOfSatisfying(
              StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
    } finally {
      proxy.stop(0);
    }
  }
}
