package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that runs through loads, a rotation and an outage while a real Prometheus scrapes it;
 * then the dashboard and the alerts of examples/monitoring are held against what is there.
 */
@Timeout(180)
class ScrapedServiceTest {
  private static final String CANARY = "CANARY-scrapedb7Qx29kW4m";
  private static final Path MONITORING = LocalProcess.ROOT.resolve("examples/monitoring");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static LocalProcess service;
  private static LocalProcess prometheus;

  @BeforeAll
  static void start() throws Exception {
    service = LocalProcess.service(folder, "micrometer", CANARY);
    prometheus = prometheus(service.port());
    eventually(() -> !series(prometheus.query("secrets_cached")).isEmpty(), "no scrape");
    service.get("/read");
    service.get("/absent");
    service.get("/rotate");
    eventually(() -> figure("rotations") == 1, "no rotation");
    service.get("/outage");
    eventually(() -> figure("stale") == 1, "nothing is stale");
  }

  @AfterAll
  static void stop() throws Exception {
    for (LocalProcess each : new LocalProcess[] {service, prometheus}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static LocalProcess prometheus(int target) throws IOException {
    int port = LocalProcess.freePort();
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yaml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: app
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(MONITORING.resolve("prometheus-rules.yaml"), target));
    Process process =
        new ProcessBuilder(
                LocalProcess.tool("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new LocalProcess(process, port);
  }

  /** A question that may fail while a server starts. */
  private interface Question {
    boolean ask() throws Exception;
  }

  private static void eventually(Question question, String otherwise) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (question.ask()) {
          return;
        }
      } catch (IOException e) {
        // Not up yet.
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    throw new AssertionError(otherwise + " within " + PATIENCE);
  }

  private static long figure(String name) throws Exception {
    return Json.number(stats(), name);
  }

  private static Map<?, ?> stats() throws Exception {
    return Json.object(service.get("/stats").getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  /** The values of the series that an answer of Prometheus has. */
  private static List<Double> series(String answer) throws IOException {
    Map<?, ?> parsed =
        Json.object(answer.getBytes(StandardCharsets.UTF_8))
            .orElseThrow(() -> new IOException("Prometheus is not ready: " + answer));
    assertThat(parsed.get("status")).as(answer).isEqualTo("success");
    List<Double> values = new ArrayList<>();
    for (Object each : (List<?>) Json.object(parsed, "data").get("result")) {
      List<?> point = (List<?>) ((Map<?, ?>) each).get("value");
      values.add(Double.valueOf(point.get(1).toString()));
    }
    return values;
  }

  /** The page for Prometheus: each sample by its name and labels. */
  private static Map<String, Double> samples(String page) {
    Map<String, Double> samples = new TreeMap<>();
    page.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return samples;
  }

  private static double sum(Map<String, Double> samples, String name, String label) {
    return samples.entrySet().stream()
        .filter(each -> each.getKey().startsWith(name + "{") && each.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Two snapshots that are the same but for the ages, and the page from between them. */
  private record Moment(Map<?, ?> stats, Map<String, Double> page) {}

  private static Moment quietMoment() throws Exception {
    for (int i = 0; i < 50; i++) {
      Map<?, ?> before = stats();
      String page = service.get("/metrics");
      Map<?, ?> after = stats();
      if (withoutAges(before).equals(withoutAges(after))) {
        return new Moment(after, samples(page));
      }
    }
    throw new AssertionError("the service is never quiet");
  }

  private static Map<?, ?> withoutAges(Map<?, ?> stats) {
    Map<Object, Object> rest = new TreeMap<>(stats);
    rest.keySet().removeIf(key -> key.toString().startsWith("oldest"));
    return rest;
  }

  @Test
  void thePageHasTheFiguresOfTheSnapshot() throws Exception {
    Moment moment = quietMoment();
    Map<String, Double> page = moment.page;
    Map<String, String> same =
        Map.of(
            "backendCalls", "secrets_backend_calls_total",
            "names", "secrets_cached",
            "bytes", "secrets_bytes",
            "stale", "secrets_stale",
            "rotations", "secrets_rotations_total",
            "evicted", "secrets_evictions_total",
            "callbackFailures", "secrets_callback_failures_total",
            "maxStale", "secrets_max_stale_seconds");
    same.forEach(
        (figure, name) ->
            assertThat(sum(page, name, "provider=\"1\""))
                .as(name)
                .isEqualTo((double) Json.number(moment.stats, figure)));
    assertThat(sum(page, "secrets_cost_usd_total", ""))
        .isEqualTo(Double.parseDouble(Json.text(moment.stats, "cost")))
        .isPositive();
    assertThat(sum(page, "secrets_loads_seconds_count", "purpose=\"read\""))
        .isEqualTo((double) Json.number(moment.stats, "loads"))
        .isPositive();
    assertThat(sum(page, "secrets_loads_seconds_count", "purpose=\"refresh\""))
        .isEqualTo((double) Json.number(moment.stats, "refreshes"))
        .isPositive();
    assertThat(sum(page, "secrets_failures_total", "kind=\"NOT_FOUND\""))
        .isEqualTo((double) Json.number(moment.stats, "notFound"))
        .isPositive();
    assertThat(sum(page, "secrets_failures_total", "kind=\"UNAVAILABLE\""))
        .isEqualTo((double) Json.number(moment.stats, "unavailable"))
        .isPositive();
    Map<String, String> ages =
        Map.of(
            "oldest", "secrets_oldest_age_seconds",
            "oldestStale", "secrets_stale_age_seconds",
            "oldestVersion", "secrets_version_age_seconds");
    ages.forEach(
        (figure, name) ->
            assertThat(sum(page, name, ""))
                .as(name)
                .isCloseTo(Json.number(moment.stats, figure) / 1000.0, within(5.0))
                .isPositive());
  }

  @Test
  void eachExpressionOfTheDashboardHasASeries() throws Exception {
    List<String> expressions = new ArrayList<>();
    Map<?, ?> dashboard =
        Json.object(Files.readAllBytes(MONITORING.resolve("grafana-dashboard.json"))).orElseThrow();
    for (Object panel : (List<?>) dashboard.get("panels")) {
      for (Object target : (List<?>) ((Map<?, ?>) panel).get("targets")) {
        expressions.add(Json.text((Map<?, ?>) target, "expr"));
      }
    }
    assertThat(expressions).hasSizeGreaterThan(12);
    for (String expression : expressions) {
      String filled =
          expression
              .replace("$__rate_interval", "1m")
              .replace("$job", ".*")
              .replace("$backend", ".*");
      assertThat(filled).doesNotContain("$");
      eventually(() -> !series(prometheus.query(filled)).isEmpty(), "no series for " + filled);
      assertThat(series(prometheus.query(filled)))
          .as(filled)
          .allSatisfy(value -> assertThat(value).isFinite());
    }
    assertThat(series(prometheus.query("sum(secrets_stail)"))).isEmpty();
    System.out.println("dashboard: " + expressions.size() + " expressions, each has a series");
  }

  @Test
  void theAlertOfAnOutageIsPending() throws Exception {
    eventually(
        () ->
            !series(prometheus.query("ALERTS{alertname=\"SecretsStale\",alertstate=\"pending\"}"))
                .isEmpty(),
        "no pending alert");
    assertThat(series(prometheus.query("ALERTS{alertname=\"SecretsExpireSoon\"}"))).isEmpty();
  }

  @Test
  void theLinterTakesRulesAndNames() throws Exception {
    String tool = LocalProcess.tool("promtool").toString();
    Path page = Files.writeString(folder.resolve("page.txt"), service.get("/metrics"));
    Path nothing = Files.writeString(folder.resolve("nothing.txt"), "");
    String rules = MONITORING.resolve("prometheus-rules.yaml").toString();
    assertThat(LocalProcess.run(folder, nothing, List.of(tool, "check", "rules", rules)))
        .startsWith("0 ")
        .contains("SUCCESS: 6 rules found");
    assertThat(
            LocalProcess.run(
                MONITORING, nothing, List.of(tool, "test", "rules", "prometheus-rules-test.yaml")))
        .startsWith("0 ")
        .contains("SUCCESS");
    assertThat(LocalProcess.run(folder, page, List.of(tool, "check", "metrics")))
        .isEqualTo("0 ");
    Path bad =
        Files.writeString(
            folder.resolve("bad.txt"),
            "# HELP a_count Bad\n# TYPE a_count counter\na_count 1\n");
    assertThat(LocalProcess.run(folder, bad, List.of(tool, "check", "metrics")))
        .doesNotStartWith("0 ");
  }

  /** Each test of the rules fails if its rule is another one. */
  @Test
  void theTestsOfTheRulesSeePlantedMistakes() throws Exception {
    String tool = LocalProcess.tool("promtool").toString();
    Path nothing = Files.writeString(folder.resolve("none.txt"), "");
    String rules = Files.readString(MONITORING.resolve("prometheus-rules.yaml"));
    List<String> planted =
        List.of(
            rules.replace("(secrets_stale) > 0", "(secrets_stale) > 5"),
            rules.replace("0.75", "0.85"),
            rules.replace("NOT_FOUND|CLOSED", "CLOSED"),
            rules.replace("ACCESS_DENIED|UNAUTHENTICATED", "UNAUTHENTICATED"),
            rules.replace("100 * 86400", "102 * 86400"),
            rules.replace("30 * 86400 > 30", "30 * 86400 > 130"),
            rules.replace("for: 5m", "for: 0m"),
            rules.replace("for: 10m", "for: 0m"));
    for (String each : planted) {
      assertThat(each).isNotEqualTo(rules);
      Path copy = Files.createDirectories(folder.resolve("planted"));
      Files.writeString(copy.resolve("prometheus-rules.yaml"), each);
      Files.copy(
          MONITORING.resolve("prometheus-rules-test.yaml"),
          copy.resolve("t.yaml"),
          StandardCopyOption.REPLACE_EXISTING);
      assertThat(LocalProcess.run(copy, nothing, List.of(tool, "test", "rules", "t.yaml")))
          .doesNotStartWith("0 ");
    }
  }

  @Test
  void nothingShowsTheValue() throws Exception {
    assertThat(service.get("/metrics")).contains("secrets_cached").doesNotContain(CANARY);
    String all = URLEncoder.encode("{__name__=~\"secrets_.*\"}", StandardCharsets.UTF_8);
    assertThat(prometheus.get("/api/v1/series?match%5B%5D=" + all))
        .contains("secrets_cached")
        .doesNotContain(CANARY, "LTC_SECRET_KEY");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        assertThat(Files.readString(log)).doesNotContain(CANARY);
      }
    }
  }
}
