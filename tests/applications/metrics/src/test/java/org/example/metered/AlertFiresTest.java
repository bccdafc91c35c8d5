package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The generated files in a real Prometheus and a real Alertmanager, with a listener in the place of
 * Slack: what is planted arrives there. Loki is missing, so the alert of a strange read begins at
 * Alertmanager, in the form in which Loki's ruler would send it.
 */
@Tag("full") // Alertmanager waits for ten seconds before it sends
@Timeout(600) // for what hangs, as this POM has no limit of its own; it takes 21 s
class AlertFiresTest {
  private static final String CANARY = "CANARY-alerts4Wq81nTz6";
  private static final Path FOLDER = Folders.empty("alerts");
  private static final Map<String, String> FILES =
      AlertDefinitions.files(
          Inventory.parse(InventoryText.example(), "example"), "", "vault", LocalDate.of(2026, 11, 30));

  /** The messages that reached the webhook. */
  private static final List<String> SLACK = new CopyOnWriteArrayList<>();

  /** The figures of OpenBao and of a deployment, which Prometheus scrapes. */
  private static volatile String figures = figures(0, 0);

  private static HttpServer listener;
  private static Metered service;
  private static LocalServer alertmanager;
  private static LocalServer prometheus;
  private static int receiver;
  private static int queries;

  private static String figures(int unlogged, int deployments) {
    return "vault_audit_log_request_failure " + unlogged + "\n"
        + "vault_audit_log_response_failure 0\n"
        + "secrets_deployment_running " + deployments + "\n";
  }

  @BeforeAll
  static void start() throws Exception {
    listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listener.createContext("/slack", AlertFiresTest::message);
    listener.createContext("/metrics", exchange -> answer(exchange, figures));
    listener.start();
    service = new Metered(FOLDER.resolve("service.log"), "micrometer", CANARY);
    receiver = LocalServer.freePort();
    alertmanager = alertmanager();
    queries = LocalServer.freePort();
    prometheus = prometheus(queries);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    alertmanager.close();
    service.close();
    listener.stop(0);
  }

  private static int listening() {
    return listener.getAddress().getPort();
  }

  private static void message(HttpExchange exchange) throws IOException {
    SLACK.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    answer(exchange, "ok");
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** With the generated configuration; only the file with the webhook is in another place. */
  private static LocalServer alertmanager() throws IOException {
    Path webhook =
        Files.writeString(FOLDER.resolve("webhook"), "http://127.0.0.1:" + listening() + "/slack");
    String generated = FILES.get("alertmanager.yaml");
    String config = generated.replace("/etc/alertmanager/slack-webhook", webhook.toString());
    assertThat(config).isNotEqualTo(generated);
    return PrometheusProgram.start(
        PrometheusProgram.alertmanager(FOLDER),
        receiver,
        FOLDER,
        "--config.file=" + Files.writeString(FOLDER.resolve("alertmanager.yaml"), config),
        "--storage.path=" + FOLDER.resolve("alertmanager"),
        "--cluster.listen-address=");
  }

  private static LocalServer prometheus(int port) throws IOException {
    Path rules = Files.writeString(FOLDER.resolve("rules.yaml"), FILES.get("prometheus-rules.yaml"));
    String config =
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s", "%s"]
        alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
        scrape_configs:
          - job_name: app
            static_configs: [{targets: ["127.0.0.1:%d", "127.0.0.1:%d"]}]
        """
            .formatted(
                rules,
                Pages.ROOT.resolve("examples/monitoring/prometheus-rules.yaml"),
                receiver,
                service.port(),
                listening());
    return PrometheusProgram.start(
        PrometheusProgram.tool("prometheus"),
        port,
        FOLDER,
        "--config.file=" + Files.writeString(FOLDER.resolve("prometheus.yaml"), config),
        "--storage.tsdb.path=" + FOLDER.resolve("data"),
        "--log.level=warn");
  }

  /** Sends an alert of the generated rules for Loki, as its ruler does. */
  private static void fromLoki(String alert, String principal) throws Exception {
    Matcher rule =
        Pattern.compile("alert: \"?" + alert + "\"?\\n(?s:.*?)summary: \"?([^\"\\n]+)")
            .matcher(FILES.get("loki-rules.yaml"));
    assertThat(rule.find()).as(alert).isTrue();
    String path = "secret/data/prod/LTC_SECRET_KEY";
    Map<String, String> labels =
        Map.of(
            "alertname", alert, "severity", "warning", "team", "secrets",
            "principal", principal, "path", path, "address", "10.66.6.6");
    Map<String, String> annotations =
        Map.of(
            "summary", rule.group(1),
            "description", principal + " read " + path + " from 10.66.6.6");
    String body = Json.write(List.of(Map.of("labels", labels, "annotations", annotations)));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver + "/api/v2/alerts"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void arrives(String... words) throws Exception {
    Waiting.until(
        String.join(" and ", words),
        () -> SLACK.stream().anyMatch(text -> List.of(words).stream().allMatch(text::contains)));
  }

  /** What Prometheus has of OpenBao's count, as JSON. */
  private static String counted() throws Exception {
    return new HttpService(queries).get("/api/v1/query?query=vault_audit_log_request_failure");
  }

  /** The alerts of that name, as Alertmanager lists them. */
  private static String alerts(String name) throws Exception {
    return new HttpService(receiver).get("/api/v2/alerts?filter=alertname%3D" + name);
  }

  @Test
  void whatIsPlantedReachesTheWebhook() throws Exception {
    service.live();
    assertThat(SLACK).isEmpty();
    // A counter that is 1 when it is seen first has not increased.
    Waiting.until("a count of 0", () -> counted().contains(",\"0\"]"));

    service.get("/denied");
    fromLoki("SecretReadByUnknownPrincipal", "approle/old-job");
    fromLoki("SecretReadFromCi", "approle/nightly-ci");
    figures = figures(1, 0);
    arrives("SecretsAccessDenied", "ACCESS_DENIED");
    arrives("SecretReadByUnknownPrincipal", "A secret was read by an unknown principal", "approle/old-job");
    arrives("SecretReadFromCi", "approle/nightly-ci");
    arrives("OpenBaoRequestNotLogged");

    // While a deployment runs, Alertmanager keeps a read from CI to itself.
    figures = figures(1, 1);
    Waiting.until("the deployment", () -> alerts("SecretsDeploymentRunning").contains("active"));
    fromLoki("SecretReadFromCi", "approle/deploying-ci");
    Waiting.until("the suppression", () -> alerts("SecretReadFromCi").contains("suppressed"));
    assertThat(String.join("\n", SLACK))
        .doesNotContain("approle/deploying-ci", "SecretsDeploymentRunning", "no value", CANARY);
    Figures.add(SLACK.size() + " messages of Alertmanager reached the webhook, none of them about a deployment");
  }
}
