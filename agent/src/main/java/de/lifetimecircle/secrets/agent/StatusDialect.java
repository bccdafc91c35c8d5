package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretStats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Whether the agent works, for supervisors: {@code /ping}, {@code /health} and {@code /metrics}.
 * Shows no name of a secret and asks no backend, so everybody on the host may ask.
 */
final class StatusDialect implements Dialect {
  private static final Set<String> PATHS = Set.of("/ping", "/health", "/metrics");

  private final SecretProvider provider;
  private final AgentMetrics metrics;
  private final IntSupplier connections;

  StatusDialect(SecretProvider provider, AgentMetrics metrics, IntSupplier connections) {
    this.provider = provider;
    this.metrics = metrics;
    this.connections = connections;
  }

  @Override
  public String word() {
    return "status";
  }

  @Override
  public boolean takes(HttpRequest request) {
    return PATHS.contains(request.path());
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (!request.isGet()) {
      throw AgentFailure.badMethod("GET");
    }
    return switch (request.path()) {
      case "/ping" -> HttpAnswer.text(200, "healthy");
      case "/health" -> HttpAnswer.json(200, health(provider.stats()));
      default -> HttpAnswer.text(200, prometheus(provider.stats()));
    };
  }

  private static Map<String, Object> health(SecretStats stats) {
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", "up");
    health.put("held", stats.names());
    health.put("stale", stats.stale());
    health.put("oldestStaleSeconds", stats.oldestStale().orElse(Duration.ZERO).toSeconds());
    health.put("maxStaleSeconds", stats.maxStale().toSeconds());
    return health;
  }

  private String prometheus(SecretStats stats) {
    StringBuilder text = new StringBuilder(1024);
    head(text, "secrets_agent_answers_total", "counter", "Answers by dialect and status.");
    metrics
        .answers()
        .forEach(
            (labels, count) ->
                text.append("secrets_agent_answers_total{")
                    .append(labels)
                    .append("} ")
                    .append(count)
                    .append('\n'));
    one(
        text,
        "secrets_agent_refused_connections_total",
        "counter",
        "Connections refused or closed for their form, slowness or number.",
        metrics.refused());
    one(text, "secrets_agent_connections", "gauge", "Open connections.", connections.getAsInt());
    one(text, "secrets_names", "gauge", "Answers held by the cache.", stats.names());
    one(text, "secrets_stale", "gauge", "Names that are served past their age.", stats.stale());
    one(
        text,
        "secrets_oldest_stale_seconds",
        "gauge",
        "Age of the oldest of these.",
        stats.oldestStale().orElse(Duration.ZERO).toSeconds());
    one(text, "secrets_loads_total", "counter", "Loads that readers waited for.", stats.loads());
    one(text, "secrets_refreshes_total", "counter", "Loads in the background.", stats.refreshes());
    one(
        text,
        "secrets_failures_total",
        "counter",
        "Loads and refreshes that failed.",
        stats.failures().values().stream().mapToLong(Long::longValue).sum());
    one(
        text,
        "secrets_rotations_total",
        "counter",
        "Changes of a current version.",
        stats.rotations());
    one(
        text,
        "secrets_backend_calls_total",
        "counter",
        "Calls of the backend.",
        stats.backendCalls());
    return text.toString();
  }

  private static void one(StringBuilder text, String name, String type, String help, long value) {
    head(text, name, type, help);
    text.append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    return HttpAnswer.text(failure.status(), failure.getMessage() + "\n");
  }
}
