package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page for Prometheus and {@code stats()} of the same process, at the same moment. */
final class Scrape {
  private static final String PAGE = "/actuator/prometheus";
  private static final int TRIES = 50;

  /** Ages go on between two requests. */
  private static final double SECONDS = 5;

  private final Map<?, ?> stats;
  private final Map<String, Double> page;
  private final List<String> differences = new ArrayList<>();
  private int equal;

  private Scrape(Map<?, ?> stats, Map<String, Double> page) {
    this.stats = stats;
    this.page = page;
  }

  /**
   * Compares every figure, between two snapshots that are the same but for their ages. A load is in
   * stats() a moment before it is in the timer, so a difference counts only if it stays.
   */
  static Scrape of(Service service) throws IOException, InterruptedException {
    Scrape scrape = null;
    for (int i = 0; i < TRIES && (scrape == null || !scrape.differences.isEmpty()); i++) {
      Map<?, ?> before = service.json("/stats");
      String page = service.get(PAGE).body();
      Map<?, ?> after = service.json("/stats");
      if (withoutAges(before).equals(withoutAges(after))) {
        scrape = new Scrape(after, samples(page));
        scrape.compare();
      }
    }
    if (scrape == null) {
      throw new IllegalStateException("the service is never quiet");
    }
    return scrape;
  }

  int equal() {
    return equal;
  }

  List<String> differences() {
    return differences;
  }

  private static Map<String, Object> withoutAges(Map<?, ?> stats) {
    return stats.entrySet().stream()
        .filter(each -> !each.getKey().toString().startsWith("oldest"))
        .collect(
            Collectors.toMap(
                each -> each.getKey().toString(), Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }

  /** Each sample by its name and labels. */
  private static Map<String, Double> samples(String page) {
    return page.lines()
        .filter(line -> line.startsWith("secrets_"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)),
                Double::sum,
                TreeMap::new));
  }

  private void compare() {
    figure("loads", "secrets_loads_seconds_count", "purpose=\"read\"");
    figure("refreshes", "secrets_loads_seconds_count", "purpose=\"refresh\"");
    figure("backendCalls", "secrets_backend_calls_total", "");
    figure("cost", "secrets_cost_usd_total", "");
    figure("names", "secrets_cached", "");
    figure("bytes", "secrets_bytes", "");
    figure("stale", "secrets_stale", "");
    figure("rotations", "secrets_rotations_total", "");
    figure("evicted", "secrets_evictions_total", "");
    figure("callbackFailures", "secrets_callback_failures_total", "");
    figure("maxStale", "secrets_max_stale_seconds", "");
    age("oldest", "secrets_oldest_age_seconds");
    age("oldestStale", "secrets_stale_age_seconds");
    age("oldestVersion", "secrets_version_age_seconds");
    Map<?, ?> failures = (Map<?, ?>) stats.get("failures");
    double total = 0;
    for (SecretException.Kind kind : SecretException.Kind.values()) {
      double known = number(failures.get(kind.name()));
      total += known;
      if (shown("secrets_failures_total", "kind=\"" + kind + "\"") != known) {
        differences.add("failures of kind " + kind);
      }
    }
    same("failures", total, shown("secrets_failures_total", ""), 0);
  }

  private void figure(String name, String metric, String label) {
    same(name, number(stats.get(name)), shown(metric, label), 0);
  }

  private void age(String name, String metric) {
    same(name, number(stats.get(name)) / 1000, shown(metric, ""), SECONDS);
  }

  private static double number(Object figure) {
    return figure == null ? 0 : Double.parseDouble(figure.toString());
  }

  /** The sum of the series; a metric that is absent is no 0. */
  private double shown(String metric, String label) {
    List<Double> series =
        page.entrySet().stream()
            .filter(each -> each.getKey().startsWith(metric + "{") && each.getKey().contains(label))
            .map(Map.Entry::getValue)
            .toList();
    return series.isEmpty()
        ? Double.NaN
        : series.stream().mapToDouble(Double::doubleValue).sum();
  }

  private void same(String name, double known, double shown, double apart) {
    if (Math.abs(known - shown) <= apart) {
      equal++;
    } else {
      differences.add(name + ": " + shown + " on the page, " + known + " in stats()");
    }
  }
}
