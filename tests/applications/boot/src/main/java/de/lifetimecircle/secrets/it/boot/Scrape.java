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

  private final Map<?, ?> before;
  private final Map<?, ?> after;
  private final Map<String, Double> page;
  private final List<String> differences = new ArrayList<>();
  private int equal;

  private Scrape(Map<?, ?> before, Map<?, ?> after, Map<String, Double> page) {
    this.before = before;
    this.after = after;
    this.page = page;
  }

  /**
   * Compares every figure with a snapshot from before the page and one from after it, which are the
   * same if no load ends meanwhile. A load is in stats() a moment before it is in the timer, so a
   * difference counts only if it stays.
   */
  static Scrape of(Service service) throws IOException, InterruptedException {
    Scrape scrape = once(service);
    for (int i = 1; i < TRIES && !scrape.differences.isEmpty(); i++) {
      scrape = once(service);
    }
    return scrape;
  }

  private static Scrape once(Service service) throws IOException, InterruptedException {
    Map<?, ?> before = service.json("/stats");
    String page = service.get(PAGE).body();
    Scrape scrape = new Scrape(before, service.json("/stats"), samples(page));
    scrape.compare();
    return scrape;
  }

  int equal() {
    return equal;
  }

  List<String> differences() {
    return differences;
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
    Map<?, ?> first = (Map<?, ?>) before.get("failures");
    Map<?, ?> last = (Map<?, ?>) after.get("failures");
    boolean all = true;
    for (SecretException.Kind kind : SecretException.Kind.values()) {
      String name = "failures of kind " + kind;
      double shown = shown("secrets_failures_total", "kind=\"" + kind + "\"");
      all &= same(name, number(first.get(kind.name())), number(last.get(kind.name())), shown, 0);
    }
    equal += all ? 1 : 0;
  }

  private void figure(String name, String metric, String label) {
    double low = number(before.get(name));
    equal += same(name, low, number(after.get(name)), shown(metric, label), 0) ? 1 : 0;
  }

  private void age(String name, String metric) {
    double low = number(before.get(name)) / 1000;
    double high = number(after.get(name)) / 1000;
    equal += same(name, low, high, shown(metric, ""), SECONDS) ? 1 : 0;
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

  /** Whether it is between the two, which a gauge may reach in either order. */
  private boolean same(String name, double one, double other, double shown, double apart) {
    boolean is = shown >= Math.min(one, other) - apart && shown <= Math.max(one, other) + apart;
    if (!is) {
      differences.add(name + ": " + shown + " on the page, " + one + " to " + other + " in stats()");
    }
    return is;
  }
}
