package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Scrape;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A service that runs through loads, a rotation and an outage while a real Prometheus scrapes it;
 * then the dashboard and the alerts of examples/monitoring are held against what is there.
 */
@Timeout(600) // for what hangs, as this POM has no limit of its own; it takes 15 s
class ScrapedServiceTest {
  private static final String CANARY = "CANARY-scrapedb7Qx29kW4m";
  private static final Path MONITORING = Pages.ROOT.resolve("examples/monitoring");
  private static final Path FOLDER = Folders.empty("scraped");

  private static Metered service;
  private static LocalServer server;
  private static HttpService prometheus;

  @BeforeAll
  static void start() throws Exception {
    service = new Metered(FOLDER.resolve("service.log"), "micrometer", CANARY);
    int port = LocalServer.freePort();
    prometheus = new HttpService(port);
    server = prometheus(port);
    Waiting.until("a scrape", () -> !series("secrets_cached").isEmpty());
    service.live();
  }

  @AfterAll
  static void stop() {
    server.close();
    service.close();
  }

  private static LocalServer prometheus(int port) throws IOException {
    Path config =
        Files.writeString(
            FOLDER.resolve("prometheus.yaml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: app
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(MONITORING.resolve("prometheus-rules.yaml"), service.port()));
    return PrometheusProgram.start(
        PrometheusProgram.tool("prometheus"),
        port,
        FOLDER,
        "--config.file=" + config,
        "--storage.tsdb.path=" + FOLDER.resolve("data"),
        "--log.level=warn");
  }

  /** What a program says, with its exit code in front. */
  private static String run(Path folder, String input, String... command) throws Exception {
    Path file = Files.writeString(FOLDER.resolve("input"), input);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectInput(file.toFile());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }

  /** The values of the series of an expression. */
  private static List<Double> series(String expression) throws Exception {
    Map<?, ?> answer =
        prometheus.json("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    assertThat(answer.get("status")).as(expression).isEqualTo("success");
    List<Double> values = new ArrayList<>();
    for (Object each : (List<?>) ((Map<?, ?>) answer.get("data")).get("result")) {
      List<?> point = (List<?>) ((Map<?, ?>) each).get("value");
      values.add(Double.valueOf(point.get(1).toString()));
    }
    return values;
  }

  @Test
  void thePageHasTheFiguresOfTheSnapshot() throws Exception {
    int equal =
        Scrape.assertEqual(service::stats, () -> Scrape.prometheus(service.get("/metrics")));
    assertThat(Scrape.prometheus(service.get("/metrics")).keySet())
        .filteredOn(each -> !each.startsWith("secrets_loads"))
        .allMatch(each -> each.contains("provider=\"1\""));
    assertEverythingHappened(service.stats());
    String micrometer =
        JavaProcess.classPath().stream()
            .filter(jar -> jar.contains("/micrometer-core-"))
            .map(jar -> jar.replaceAll(".*-|[.]jar", ""))
            .findFirst()
            .orElseThrow();
    Figures.add(equal + " figures on the page for Prometheus equal stats(), with Micrometer " + micrometer);
  }

  /** No figure that is compared is 0 by chance. */
  static void assertEverythingHappened(Map<?, ?> stats) {
    for (String figure :
        List.of("cost", "loads", "refreshes", "oldest", "oldestStale", "oldestVersion", "rotations", "stale")) {
      assertThat(Double.parseDouble(stats.get(figure).toString())).as(figure).isPositive();
    }
    assertThat((Map<?, ?>) stats.get("failures")).hasSize(2);
    assertThat(stats.get("failures").toString()).contains("NOT_FOUND", "UNAVAILABLE");
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
      Waiting.until("a series for " + filled, () -> !series(filled).isEmpty());
      assertThat(series(filled))
          .as(filled)
          .allSatisfy(value -> assertThat(value).isFinite());
    }
    assertThat(series("sum(secrets_stail)")).isEmpty();
    Figures.add("dashboard: " + expressions.size() + " expressions, each has a series");
  }

  @Test
  void theAlertOfAnOutageIsPending() throws Exception {
    Waiting.until(
        "a pending alert",
        () -> !series("ALERTS{alertname=\"SecretsStale\",alertstate=\"pending\"}").isEmpty());
    assertThat(series("ALERTS{alertname=\"SecretsExpireSoon\"}")).isEmpty();
  }

  @Test
  void theLinterTakesRulesAndNames() throws Exception {
    String tool = PrometheusProgram.tool("promtool").toString();
    String rules = MONITORING.resolve("prometheus-rules.yaml").toString();
    assertThat(run(FOLDER, "", tool, "check", "rules", rules))
        .startsWith("0 ")
        .contains("SUCCESS: 6 rules found");
    assertThat(run(MONITORING, "", tool, "test", "rules", "prometheus-rules-test.yaml"))
        .startsWith("0 ")
        .contains("SUCCESS");
    assertThat(run(FOLDER, service.get("/metrics"), tool, "check", "metrics")).isEqualTo("0 ");
    String bad = "# HELP a_count Bad\n# TYPE a_count counter\na_count 1\n";
    assertThat(run(FOLDER, bad, tool, "check", "metrics")).doesNotStartWith("0 ");
    Figures.add("6 alerts tested");
  }

  /** Each test of the rules fails if its rule is another one. */
  @Test
  void theTestsOfTheRulesSeePlantedMistakes() throws Exception {
    String tool = PrometheusProgram.tool("promtool").toString();
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
      Path copy = Files.createDirectories(FOLDER.resolve("planted"));
      Files.writeString(copy.resolve("prometheus-rules.yaml"), each);
      Files.copy(
          MONITORING.resolve("prometheus-rules-test.yaml"),
          copy.resolve("t.yaml"),
          StandardCopyOption.REPLACE_EXISTING);
      assertThat(run(copy, "", tool, "test", "rules", "t.yaml"))
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
    assertThat(Folders.text(FOLDER, ".*[.]log")).doesNotContain(CANARY);
  }
}
