package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.AgentMetrics;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.rules.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Whether the agent works, for supervisors: {@code /ping}, {@code /health} and {@code /metrics}.
 * Shows no name of a secret and asks no backend, so everybody on the host may ask.
 */
public record StatusDialect(SecretProvider provider, AgentMetrics metrics, IntSupplier connections)
    implements Dialect {
  private static final Set<String> PATHS = Set.of("/ping", "/health", "/metrics");

  @Override
  public boolean takes(HttpRequest request) {
    return PATHS.contains(request.path());
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (!request.isGet() && !request.isHead()) {
      throw AgentFailure.badMethod("GET and HEAD");
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
    StringBuilder text = new StringBuilder(2048);
    String answers = "secrets_agent_answers_total";
    head(text, answers, "Answers by dialect and status.");
    metrics.answers().forEach((labels, count) -> line(text, answers + "{" + labels + "}", count));
    for (Figure each : figures(stats)) {
      head(text, each.name(), each.help());
      line(text, each.name(), each.value());
    }
    return text.toString();
  }

  /** One number with its name and its meaning, as Prometheus has them. */
  private record Figure(String name, String help, long value) {}

  private List<Figure> figures(SecretStats stats) {
    long failures = stats.failures().values().stream().mapToLong(Long::longValue).sum();
    long oldest = stats.oldestStale().orElse(Duration.ZERO).toSeconds();
    return List.of(
        new Figure(
            "secrets_agent_refused_connections_total",
            "Connections refused or closed for their form, slowness or number.",
            metrics.refused()),
        new Figure("secrets_agent_connections", "Open connections.", connections.getAsInt()),
        new Figure("secrets_names", "Answers held by the cache.", stats.names()),
        new Figure("secrets_stale", "Names that are served past their age.", stats.stale()),
        new Figure("secrets_oldest_stale_seconds", "Age of the oldest of these.", oldest),
        new Figure("secrets_loads_total", "Loads that readers waited for.", stats.loads()),
        new Figure("secrets_refreshes_total", "Loads in the background.", stats.refreshes()),
        new Figure("secrets_failures_total", "Loads and refreshes that failed.", failures),
        new Figure("secrets_rotations_total", "Changes of a current version.", stats.rotations()),
        new Figure("secrets_backend_calls_total", "Calls of the backend.", stats.backendCalls()));
  }

  private static void head(StringBuilder text, String name, String help) {
    String type = name.endsWith("_total") ? "counter" : "gauge";
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    return HttpAnswer.text(failure.status(), failure.getMessage() + "\n");
  }
}
