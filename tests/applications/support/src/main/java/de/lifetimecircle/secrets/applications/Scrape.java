package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Compares the figures that leave a service with {@code stats()} of the same process at the same
 * moment. The service shows {@code stats()} by these names, ages in milliseconds. Stateless.
 */
public final class Scrape {
  /** Ages go on between two requests. */
  private static final double SECONDS = 5;

  /** A figure of {@code stats()}, its metric for Prometheus and for OpenTelemetry, and a label. */
  private record Row(String figure, String prometheus, String telemetry, String label) {}

  private static final List<Row> COUNTS =
      List.of(
          new Row("loads", "secrets_loads_seconds_count", "secrets.load.duration", "purpose=read"),
          new Row("refreshes", "secrets_loads_seconds_count", "secrets.load.duration", "purpose=refresh"),
          new Row("backendCalls", "secrets_backend_calls_total", "secrets.backend.calls", ""),
          new Row("cost", "secrets_cost_usd_total", "secrets.cost", ""),
          new Row("names", "secrets_cached", "secrets.cached", ""),
          new Row("bytes", "secrets_bytes", "secrets.bytes", ""),
          new Row("stale", "secrets_stale", "secrets.stale", ""),
          new Row("rotations", "secrets_rotations_total", "secrets.rotations", ""),
          new Row("evicted", "secrets_evictions_total", "secrets.evictions", ""),
          new Row("callbackFailures", "secrets_callback_failures_total", "secrets.callback.failures", ""),
          new Row("maxStale", "secrets_max_stale_seconds", "secrets.max.stale", ""));

  private static final List<Row> AGES =
      List.of(
          new Row("oldest", "secrets_oldest_age_seconds", "secrets.oldest.age", ""),
          new Row("oldestStale", "secrets_stale_age_seconds", "secrets.stale.age", ""),
          new Row("oldestVersion", "secrets_version_age_seconds", "secrets.version.age", ""));

  /** Services refresh each second, and on a busy machine three requests may take as long. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Scrape() {}

  /**
   * Waits until each figure is between those of {@code stats()} before and after it, and returns how
   * many they are: on a busy machine a service that refreshes each second is never as quiet as for
   * three requests. A load is in {@code stats()} a moment before it is in its timer, so a difference
   * counts only if it stays.
   *
   * @param stats asks for the snapshot
   * @param samples asks for the value of each series, by its metric and then its labels in braces
   */
  public static int assertEqual(Callable<Map<?, ?>> stats, Callable<Map<String, Double>> samples)
      throws Exception {
    List<String> differences = List.of("none was asked for");
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < PATIENCE.toNanos()) {
      Map<?, ?> before = stats.call();
      Map<String, Double> shown = samples.call();
      Map<?, ?> after = stats.call();
      differences = differences(before, after, shown);
      if (differences.isEmpty()) {
        Map<?, ?> failures = (Map<?, ?>) after.get("failures");
        return COUNTS.size() + AGES.size() + Math.max(1, failures.size());
      }
    }
    throw new AssertionError("Figures that differ from stats(): " + differences);
  }

  private static List<String> differences(
      Map<?, ?> before, Map<?, ?> after, Map<String, Double> samples) {
    List<String> differences = new ArrayList<>();
    for (Row row : COUNTS) {
      Object figure = row.figure();
      compare(row, number(before.get(figure)), number(after.get(figure)), samples, differences);
    }
    for (Row row : AGES) {
      double first = number(before.get(row.figure())) / 1000;
      double last = number(after.get(row.figure())) / 1000;
      double low = Math.min(first, last) - SECONDS;
      double high = Math.max(first, last) + SECONDS;
      compare(row, low, high, samples, differences);
    }
    Map<?, ?> first = (Map<?, ?>) before.get("failures");
    Map<?, ?> last = (Map<?, ?>) after.get("failures");
    boolean isPrometheus = samples.keySet().stream().anyMatch(each -> each.startsWith("secrets_"));
    for (SecretException.Kind kind : SecretException.Kind.values()) {
      double low = number(first.get(kind.name()));
      // OpenTelemetry exports no series before the first failure of a kind.
      if (isPrometheus || low > 0) {
        Row row = new Row("failures", "secrets_failures_total", "secrets.failures", "=" + kind);
        compare(row, low, number(last.get(kind.name())), samples, differences);
      }
    }
    return differences;
  }

  private static void compare(
      Row row, double one, double other, Map<String, Double> samples, List<String> differences) {
    double prometheus = shown(samples, row.prometheus(), row.label());
    double shown = Double.isNaN(prometheus) ? shown(samples, row.telemetry(), row.label()) : prometheus;
    if (!(shown >= Math.min(one, other) && shown <= Math.max(one, other))) {
      differences.add(
          "%s %s: %s, and %s to %s in stats()".formatted(row.figure(), row.label(), shown, one, other));
    }
  }

  private static double number(Object figure) {
    return figure == null ? 0 : Double.parseDouble(figure.toString());
  }

  /** The sum of the series; a metric that is absent is no 0. */
  private static double shown(Map<String, Double> samples, String metric, String label) {
    List<Double> series =
        samples.entrySet().stream()
            .filter(each -> each.getKey().startsWith(metric + "{"))
            .filter(each -> each.getKey().replace("\"", "").matches(".*" + label + "\\b.*"))
            .map(Map.Entry::getValue)
            .toList();
    return series.isEmpty() ? Double.NaN : series.stream().mapToDouble(each -> each).sum();
  }

  /** Returns the value of each series of ours on a page for Prometheus. */
  public static Map<String, Double> prometheus(String page) {
    return page.lines()
        .filter(line -> line.startsWith("secrets_"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
  }
}
