package de.lifetimecircle.secrets.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker's REST API is a server of the test; tests/applications/kafka has the real one. */
final class ConnectRestarterTest {
  private static final String CONNECTORS =
      "{\"orders\":{\"info\":{\"config\":{\"a\":\"${secrets:prod/A:value}\"}}},"
          + "\"stock mails\":{\"info\":{\"config\":"
          + "{\"b\":\"x${secrets:prod/B}y${secrets:prod/A:value}\"}}},"
          + "\"others\":{\"info\":{\"config\":{\"c\":\"${file:/etc/x:prod/A}\",\"d\":\"prod/A\"}}},"
          + "\"bare\":{}}";

  private final FakeStore store =
      FakeStore.create().holding("prod/A", "a1").holding("prod/B", "b1");
  private final SecretProvider provider =
      SecretProvider.builder().store(store).set("overrides", "off").build();
  private final BlockingQueue<String> restarts = new LinkedBlockingQueue<>();
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private volatile Runnable duringTheNextRestart = () -> {};
  private HttpServer worker;
  private ConnectRestarter restarter;

  @BeforeEach
  void start() throws IOException {
    worker = worker(0);
  }

  private HttpServer worker(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
    return server;
  }

  @AfterEach
  void close() {
    restarter.close();
    worker.stop(0);
    provider.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (exchange.getRequestMethod().equals("GET")) {
        byte[] body = CONNECTORS.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        return;
      }
      duringTheNextRestart.run();
      int status = statuses.isEmpty() ? 202 : statuses.remove(0);
      restarts.add(status + " " + exchange.getRequestURI());
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + worker.getAddress().getPort());
  }

  private ConnectRestarterBuilder builder() {
    return ConnectRestarter.builder(provider, url())
        .lookEvery(Duration.ofMillis(50))
        .waits(Duration.ofMillis(100), Duration.ofMillis(100));
  }

  private void watching(ConnectRestarterBuilder builder, int names) {
    restarter = builder.build();
    await(() -> provider.stats().names() >= names);
    assertThat(provider.stats().names()).isEqualTo(names);
  }

  private static void await(BooleanSupplier holds) {
    for (int i = 0; i < 2000 && !holds.getAsBoolean(); i++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  private void rotate(String name, String text) {
    store.holding(name, text);
    provider.refresh(name);
  }

  private String restart() throws InterruptedException {
    return restarts.poll(20, TimeUnit.SECONDS);
  }

  private void assertNoMore() throws InterruptedException {
    assertThat(restarts.poll(400, TimeUnit.MILLISECONDS)).isNull();
  }

  private static String path(String connector) {
    return "/connectors/" + connector + "/restart?includeTasks=true&onlyFailed=false";
  }

  @Test
  void restartsExactlyTheConnectorsThatNameWhatRotated() throws Exception {
    watching(builder(), 2);
    rotate("prod/B", "b2");
    assertThat(restart()).isEqualTo("202 " + path("stock%20mails"));
    assertNoMore();
    rotate("prod/A", "a2");
    assertThat(List.of(restart(), restart()))
        .containsExactlyInAnyOrder("202 " + path("orders"), "202 " + path("stock%20mails"));
    assertNoMore();
  }

  @Test
  void secretsThatRotateTogetherShareOneRestart() throws Exception {
    watching(builder().waits(Duration.ofSeconds(1), Duration.ofMillis(100)), 2);
    rotate("prod/A", "a2");
    rotate("prod/B", "b2");
    restart();
    restart();
    assertNoMore();
  }

  @Test
  void refreshesWithoutAChangeRestartNothing() throws Exception {
    watching(builder(), 2);
    for (int i = 0; i < 20; i++) {
      provider.refresh("prod/A");
      provider.refresh("prod/B");
    }
    assertNoMore();
  }

  @Test
  void triesAgainWhileTheWorkersRebalanceAndOnlyWhatIsLeft() throws Exception {
    watching(builder(), 2);
    statuses.addAll(List.of(202, 409, 500));
    rotate("prod/A", "a2");
    assertThat(List.of(restart(), restart(), restart(), restart()))
        .containsExactly(
            "202 " + path("orders"),
            "409 " + path("stock%20mails"),
            "500 " + path("stock%20mails"),
            "202 " + path("stock%20mails"));
    assertNoMore();
  }

  @Test
  void aConnectorThatCannotBeRestartedDoesNotStopTheOthers() throws Exception {
    watching(builder(), 2);
    statuses.addAll(List.of(500, 202));
    rotate("prod/A", "a2");
    assertThat(List.of(restart(), restart(), restart()))
        .containsExactly(
            "500 " + path("orders"), "202 " + path("stock%20mails"), "202 " + path("orders"));
  }

  /** The connector may have read the version before while it started. */
  @Test
  void aRotationDuringARestartRestartsOnceMore() throws Exception {
    watching(builder(), 2);
    duringTheNextRestart =
        () -> {
          duringTheNextRestart = () -> {};
          rotate("prod/B", "b3");
          await(() -> reported.equals(List.of("b2", "b3")));
        };
    provider.onChange("prod/B", event -> reported.add(provider.get("prod/B").asString()));
    rotate("prod/B", "b2");
    assertThat(restart()).isEqualTo("202 " + path("stock%20mails"));
    assertThat(restart()).isEqualTo("202 " + path("stock%20mails"));
    assertNoMore();
  }

  @Test
  void aConnectorThatIsGoneIsNoFailure() throws Exception {
    watching(builder(), 2);
    statuses.add(404);
    rotate("prod/B", "b2");
    assertThat(restart()).startsWith("404 ");
    assertNoMore();
  }

  @Test
  void aWorkerThatIsDownGetsItsRestartWhenItIsBack() throws Exception {
    watching(builder(), 2);
    int port = worker.getAddress().getPort();
    worker.stop(0);
    rotate("prod/B", "b2");
    assertNoMore();
    worker = worker(port);
    assertThat(restart()).isEqualTo("202 " + path("stock%20mails"));
    assertNoMore();
  }

  @Test
  void namesThatAreNotAllowedDoNotCount() throws Exception {
    watching(builder().names(name -> name.equals("prod/B")), 1);
    rotate("prod/A", "a2");
    rotate("prod/B", "b2");
    assertThat(restart()).isEqualTo("202 " + path("stock%20mails"));
    assertNoMore();
  }

  @Test
  void sendsTheAuthorizationThatItIsGiven() throws Exception {
    watching(builder().authorization(() -> "Basic eDp5"), 2);
    assertThat(authorizations).isNotEmpty().containsOnly("Basic eDp5");
  }

  @Test
  void readsPlaceholdersAsKafkaDoes() {
    restarter = builder().build();
    assertThat(ConnectorSecrets.of(CONNECTORS, "secrets"))
        .isEqualTo(
            Map.of(
                "orders",
                Set.of("prod/A"),
                "stock mails",
                Set.of("prod/A", "prod/B"),
                "others",
                Set.of(),
                "bare",
                Set.of()));
    assertThatThrownBy(() -> ConnectorSecrets.of("<html>", "secrets"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConnectRestarter.builder(provider, URI.create("ftp://127.0.0.1:8083")))
        .hasMessageContaining("expected: a URL such as");
  }
}
