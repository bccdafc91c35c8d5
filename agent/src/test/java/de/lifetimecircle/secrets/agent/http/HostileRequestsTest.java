package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of attackers, proxies and browsers, by a caller who may read everything. */
class HostileRequestsTest {
  private static final String VALUE = "canary-of-hostile-requests-7Hq2";
  private static final String GET = "GET /v1/secrets/APP_KEY HTTP/1.1";
  private static final String HOST = "Host: localhost";
  private static final String OWN = "Secrets-Request: true";

  @TempDir static Path folder;
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
    agent.store.holding("APP_KEY", VALUE);
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  private static Arguments row(String what, int status, String... lines) {
    return Arguments.of(what, status, RunningAgent.request(lines));
  }

  private static Arguments raw(String what, int status, String text) {
    return Arguments.of(what, status, text);
  }

  static Stream<Arguments> requests() {
    return Stream.of(names(), proxies(), smuggling(), forms(), sizes()).flatMap(List::stream);
  }

  private static List<Arguments> names() {
    return List.of(
        row("foreign host", 400, GET, "Host: evil.example", OWN),
        row("host of a rebinding name with our port", 400, GET, "Host: a.evil.example:2773", OWN),
        row("host that begins like ours", 400, GET, "Host: localhost.evil.example", OWN),
        row("host with a user", 400, GET, "Host: localhost@evil.example", OWN),
        row("no host", 400, GET, OWN),
        row("two hosts", 400, GET, HOST, "Host: evil.example", OWN),
        row("two hosts the same", 400, GET, HOST, HOST, OWN),
        row("dots in the path", 400, "GET /v1/secrets/../secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("encoded dots", 400, "GET /v1/secrets/%2e%2e/APP_KEY HTTP/1.1", HOST, OWN),
        row("empty segment", 400, "GET /v1//secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("backslash", 400, "GET /v1/secrets/..%5cAPP_KEY HTTP/1.1", HOST, OWN),
        row("encoded zero", 400, "GET /v1/secrets/APP_KEY%00 HTTP/1.1", HOST, OWN),
        row("encoded line end", 400, "GET /v1/secrets/APP%0d%0aX: y HTTP/1.1", HOST, OWN),
        row("broken percent", 400, "GET /v1/secrets/APP_KEY%4 HTTP/1.1", HOST, OWN),
        row("overlong UTF-8", 400, "GET /v1/secrets/%c0%ae%c0%ae/APP_KEY HTTP/1.1", HOST, OWN),
        row("parameter twice", 400, "GET /v1/secrets/APP_KEY?wait=1s&wait=2s HTTP/1.1", HOST, OWN));
  }

  private static List<Arguments> proxies() {
    return List.of(
        row("X-Forwarded-For", 400, GET, HOST, OWN, "X-Forwarded-For: 10.0.0.1"),
        row("X-Forwarded-Host", 400, GET, HOST, OWN, "x-forwarded-host: localhost"),
        row("X-Forwarded-Proto", 400, GET, HOST, OWN, "X-Forwarded-Proto: http"),
        row("Forwarded", 400, GET, HOST, OWN, "Forwarded: for=127.0.0.1"),
        row("Via", 400, GET, HOST, OWN, "Via: 1.1 proxy"),
        row("X-Real-IP", 400, GET, HOST, OWN, "X-Real-IP: 127.0.0.1"),
        row("Origin of a page", 400, GET, HOST, OWN, "Origin: https://evil.example"),
        row("Origin null", 400, GET, HOST, OWN, "Origin: null"),
        row("fetch of a browser", 400, GET, HOST, OWN, "Sec-Fetch-Site: cross-site"),
        row("no header of the caller's own", 403, GET, HOST),
        row("absolute path", 400, "GET http://localhost/v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("CONNECT", 400, "CONNECT localhost:2773 HTTP/1.1", HOST, OWN),
        row("TRACE", 405, "TRACE /v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("OPTIONS of a preflight", 405, "OPTIONS /v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("wrong token", 403, GET, HOST, OWN, "X-Vault-Token: guess"),
        row("wrong token in the path", 403, "GET /t/guess/v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("empty token", 403, GET, HOST, OWN, "X-Vault-Token:"),
        row("two tokens", 400, GET, HOST, OWN, "X-Vault-Token: a", "X-Vault-Token: b"));
  }

  private static List<Arguments> smuggling() {
    String head = "POST /v1/secrets/APP_KEY HTTP/1.1\r\nHost: localhost\r\n";
    String next = GET + "\r\nHost: localhost\r\nSecrets-Request: true\r\n\r\n";
    return List.of(
        raw(
            "length and chunks",
            400,
            head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next),
        raw("chunks", 400, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next),
        raw("odd chunks", 400, head + "Transfer-Encoding: xchunked\r\n\r\n" + next),
        raw("two lengths", 400, head + "Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + next),
        raw("lengths in a list", 400, head + "Content-Length: 0, 0\r\n\r\n" + next),
        raw("length with a sign", 400, head + "Content-Length: +0\r\n\r\n" + next),
        raw("negative length", 400, head + "Content-Length: -1\r\n\r\n" + next),
        raw("hexadecimal length", 400, head + "Content-Length: 0x0\r\n\r\n" + next),
        raw("space before the colon", 400, head + "Content-Length : 0\r\n\r\n" + next),
        raw("bare LF after the first line", 400, GET + "\nHost: localhost\n\n"),
        raw(
            "bare LF after a header",
            400,
            GET + "\r\nHost: localhost\nSecrets-Request: true\r\n\r\n"),
        raw("bare CR in a header", 400, GET + "\r\nHost: localhost\rX: y\r\n\r\n"),
        raw("folded header", 400, GET + "\r\nHost: localhost\r\n evil\r\n\r\n"),
        raw("empty line first", 400, "\r\n" + next),
        raw("body of a GET", 400, GET + "\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"),
        raw("POST without a length", 411, head + "\r\n" + next));
  }

  private static List<Arguments> forms() {
    return List.of(
        raw("HTTP/0.9", 400, "GET /v1/secrets/APP_KEY\r\n\r\n"),
        row("HTTP/1.0", 505, "GET /v1/secrets/APP_KEY HTTP/1.0", HOST, OWN),
        raw("HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        raw("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n"),
        row("two spaces", 400, "GET  /v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("tab for a space", 400, "GET\t/v1/secrets/APP_KEY\tHTTP/1.1", HOST, OWN),
        row("method in lower case", 400, "get /v1/secrets/APP_KEY HTTP/1.1", HOST, OWN),
        row("zero in a header", 400, GET, HOST, OWN, "X: a\u0000b"),
        row("no ASCII in a header", 400, GET, HOST, OWN, "X: \u00e4"),
        row("name of a header with a space", 400, GET, HOST, OWN, "X Y: z"),
        row("header without a colon", 400, GET, HOST, OWN, "nonsense"),
        row("expectation", 417, GET, HOST, OWN, "Expect: 100-continue"));
  }

  private static List<Arguments> sizes() {
    return List.of(
        row("long path", 414, "GET /v1/secrets/" + "a".repeat(20_000) + " HTTP/1.1", HOST, OWN),
        row("long header", 431, GET, HOST, OWN, "X: " + "a".repeat(20_000)),
        row("many headers", 431, GET, HOST, OWN, "X: y\r\n".repeat(100) + "Z: y"),
        raw(
            "large body",
            413,
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n"
                + "a".repeat(70_000)),
        raw(
            "length of gigabytes",
            400,
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedOverTcp(String what, int status, String request) {
    byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
    RunningAgent.Answer answer = agent.tcp(closing(bytes));
    assertThat(answer.status()).as(what + ": " + answer.head() + answer.text()).isEqualTo(status);
    assertThat(answer.text()).doesNotContain(VALUE).doesNotContain("evil", "guess");
    assertThat(answer.head()).doesNotContain("evil", "guess");
  }

  /** A refusal that keeps the connection is followed by the end of this client's requests. */
  private static byte[] closing(byte[] request) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    return text.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The rules of a Unix socket are the same but for the header of the caller's own. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("smuggling")
  void isRefusedOverAUnixSocket(String what, int status, String request) {
    RunningAgent.Answer answer = agent.unix(request);
    assertThat(answer.status()).as(what).isEqualTo(status);
    assertThat(answer.text()).doesNotContain(VALUE);
  }

  /** What the table refuses is refused because of the one thing that is wrong in it. */
  @Test
  void theSameRequestWithoutTheFaultIsAnswered() {
    assertThat(agent.tcp(RunningAgent.request(GET, HOST, OWN, "Connection: close")).text())
        .isEqualTo(VALUE);
    assertThat(agent.unix(RunningAgent.request(GET, HOST, "Connection: close")).text())
        .isEqualTo(VALUE);
  }

  /** The client of Java, which Spring Vault uses too, offers HTTP/2 by default. */
  @Test
  void theClientOfJavaReadsAsItComes() throws Exception {
    URI place = URI.create("http://127.0.0.1:" + agent.port() + "/v1/secrets/APP_KEY");
    HttpRequest request = HttpRequest.newBuilder(place).header("Secrets-Request", "true").build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
        .isEqualTo(VALUE);
  }

  @AfterEach
  void stillAnswers() {
    assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo(VALUE);
  }
}
