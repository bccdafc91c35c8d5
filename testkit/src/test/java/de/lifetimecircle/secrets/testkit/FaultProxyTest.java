package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy forwards and counts requests and fails on demand, as seen by the JDK's client. */
final class FaultProxyTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create();

  private final AtomicReference<String> seen = new AtomicReference<>("");
  private final HttpServer server = newServer();
  private final FaultProxy proxy =
      FaultProxy.to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
          .presenting(AUTHORITY)
          .start();
  private final HttpClient client = HttpClient.newBuilder().sslContext(AUTHORITY.client()).build();

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::echo);
    server.start();
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private void echo(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    seen.set(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Mine")
            + " "
            + exchange.getRequestHeaders().getFirst("Host"));
    exchange.getResponseHeaders().add("X-Theirs", "kept");
    exchange.sendResponseHeaders(200, 0);
    exchange
        .getResponseBody()
        .write(body.length == 0 ? "an answer".getBytes(StandardCharsets.UTF_8) : body);
    exchange.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, Duration.ofSeconds(30));
  }

  private HttpResponse<String> get(String path, Duration limit)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(proxy.uri().resolve(path))
            .header("X-Mine", "sent")
            .timeout(limit)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestAndAnswerPassUnchangedAndAreCounted() throws Exception {
    HttpResponse<String> answer = get("/a%2Fb?c=d%20e");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("an answer");
    assertThat(answer.headers().firstValue("x-theirs")).contains("kept");
    assertThat(seen.get()).isEqualTo("GET /a%2Fb?c=d%20e sent localhost:" + proxy.uri().getPort());
    assertThat(get("/second").body()).isEqualTo("an answer");
    assertThat(proxy.requests()).isEqualTo(2);
    assertThat(proxy.connections()).isEqualTo(1);
    assertThat(proxy.openConnections()).isEqualTo(1);
  }

  @Test
  void bodyOfUnknownLengthPasses() throws Exception {
    String body = "päss€ ".repeat(20_000);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(proxy.uri().resolve("/"))
                .POST(
                    HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(body)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void ownAnswerReplacesTheServersAndMayAskIt() throws Exception {
    proxy.intercept(
        request -> {
          if (!request.target().equals("/mine")) {
            return null;
          }
          try {
            FaultProxy.Answer real = proxy.forward(request);
            return new FaultProxy.Answer(201, real.headers(), real.body()).with("X-More", "yes");
          } catch (IOException e) {
            return FaultProxy.Answer.of(500, "text/plain", "no server");
          }
        });
    assertThat(get("/mine").statusCode()).isEqualTo(201);
    assertThat(get("/mine").headers().firstValue("x-more")).contains("yes");
    assertThat(get("/theirs").statusCode()).isEqualTo(200);
    proxy.clear();
    assertThat(get("/mine").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"HALF_OPEN", "LATENCY"})
  void answerThatDoesNotComeInTime(Fault fault) {
    proxy.inject(fault);
    assertThatThrownBy(() -> get("/", Duration.ofSeconds(2)))
        .isInstanceOf(HttpTimeoutException.class);
  }

  /** The client's own timeout ends with the headers, so the body is waited for here. */
  @Test
  void bodyThatDoesNotEnd() {
    proxy.inject(Fault.SLOW_BODY);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(proxy.uri()).build(), HttpResponse.BodyHandlers.ofString());
    assertThatThrownBy(() -> answer.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    answer.cancel(true);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"UNKNOWN_CA", "WRONG_HOST", "EXPIRED_CERTIFICATE"})
  void certificateThatIsNotGood(Fault fault) throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(200);
    proxy.inject(fault);
    assertThatThrownBy(() -> get("/")).isInstanceOf(SSLHandshakeException.class);
    proxy.clear();
    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"RESET", "RESET_EARLY"})
  void connectionThatBreaks(Fault fault) {
    proxy.inject(fault);
    assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
  }

  @Test
  void refusedConnectionIsTakenAgainAfterwards() throws Exception {
    proxy.inject(Fault.REFUSED);
    assertThatThrownBy(() -> get("/")).isInstanceOf(ConnectException.class);
    proxy.clear();
    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "BUSY, 429, ",
    "BUSY_WITH_TIME, 429, 1",
    "OVERLOADED, 503, ",
    "OVERLOADED_WITH_TIME, 503, 1",
    "HTML_BODY, 200, ",
    "GARBAGE_BODY, 200, "
  })
  void answerOfSomethingInBetween(Fault fault, int status, String retryAfter) throws Exception {
    proxy.inject(fault);
    HttpResponse<String> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("retry-after").orElse(null)).isEqualTo(retryAfter);
    assertThat(answer.body()).isNotEqualTo("an answer");
  }

  @Test
  void faultOfTheBackendIsNotOfTheWire() {
    assertThatThrownBy(() -> proxy.inject(Fault.DENIED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one of [REFUSED, ");
  }

  @Test
  void badCertificatesNeedAnAuthority() {
    try (FaultProxy plain = FaultProxy.to(URI.create("http://127.0.0.1:1")).start()) {
      assertThat(plain.faults()).doesNotContain(Fault.WRONG_HOST).contains(Fault.BUSY);
      assertThatThrownBy(() -> plain.inject(Fault.WRONG_HOST))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(proxy.faults()).contains(Fault.WRONG_HOST, Fault.UNKNOWN_CA);
  }

  @Test
  void requestShowsNothingOfItsQueryOrBody() {
    assertThat(new FaultProxy.Request("GET", "/a?token=x", java.util.Map.of(), new byte[] {1}))
        .hasToString("GET /a");
  }
}
