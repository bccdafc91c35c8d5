package org.example.metered;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A service with a page of its metrics: for Prometheus, or what an exporter of OpenTelemetry got. Its argument is the
 * setting {@code metrics}. Reads the value of its secret from the first line of its input, prints
 * its port, and ends with its input.
 */
public final class MeteredService {
  private static final String NAME = "LTC_SECRET_KEY";

  private MeteredService() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String value = input.readLine();
    String metrics = arguments[0];
    FakeStore store = FakeStore.create().holding(NAME, value);
    try (SecretProvider secrets =
        SecretProvider.builder()
            .store(store)
            .set("metrics", metrics)
            .set("soft-age", "2s")
            .set("max-stale", "1h")
            .set("call-price", "0.05")
            .build()) {
      secrets.require(NAME);
      // As in Spring Boot, the registry comes after the first load.
      MetricsPages pages =
          metrics.equals("opentelemetry") ? MetricsPages.openTelemetry() : MetricsPages.prometheus();
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      page(server, "/metrics", pages.figures());
      page(server, "/spans", pages.spans());
      page(server, "/stats", () -> text(secrets.stats()));
      page(server, "/read", () -> read(secrets, NAME));
      page(server, "/absent", () -> read(secrets, "absent"));
      page(server, "/rotate", () -> done(store.holding(NAME, value + " rotated")));
      page(
          server,
          "/outage",
          () -> done(store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE))));
      page(
          server,
          "/denied",
          () -> done(store.outage(FakeStep.fail(SecretException.Kind.ACCESS_DENIED))));
      page(server, "/recover", () -> done(store.recover()));
      server.start();
      System.out.println(server.getAddress().getPort());
      while (input.readLine() != null) {
        // Until the end.
      }
      server.stop(0);
    }
  }

  private static String read(SecretProvider secrets, String name) {
    try {
      return secrets.get(name).origin().name();
    } catch (SecretException e) {
      return e.kind().name();
    }
  }

  private static String done(FakeStore store) {
    return store.capabilities().isEmpty() ? "" : "done";
  }

  /** The figures, ages in milliseconds. */
  private static String text(SecretStats stats) {
    Map<String, Object> figures = new TreeMap<>();
    figures.put("loads", stats.loads());
    figures.put("refreshes", stats.refreshes());
    figures.put("backendCalls", stats.backendCalls());
    figures.put("cost", Double.toString(stats.estimatedCost()));
    figures.put("names", stats.names());
    figures.put("bytes", stats.bytes());
    figures.put("stale", stats.stale());
    figures.put("rotations", stats.rotations());
    figures.put("evicted", stats.evicted());
    figures.put("callbackFailures", stats.foreignFailures());
    figures.put("maxStale", stats.maxStale().toSeconds());
    Map<String, Object> failures = new TreeMap<>();
    stats.failures().forEach((kind, count) -> failures.put(kind.name(), count));
    figures.put("failures", failures);
    figures.put("oldest", stats.oldest().orElse(Duration.ZERO).toMillis());
    figures.put("oldestStale", stats.oldestStale().orElse(Duration.ZERO).toMillis());
    figures.put("oldestVersion", stats.oldestVersion().orElse(Duration.ZERO).toMillis());
    return Json.write(figures);
  }

  private static void page(HttpServer server, String path, Supplier<String> content) {
    server.createContext(path, exchange -> answer(exchange, content.get()));
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
