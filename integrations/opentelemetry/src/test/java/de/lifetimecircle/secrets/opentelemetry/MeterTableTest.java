package de.lifetimecircle.secrets.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/metrics.md is the list of instruments; the module for Micrometer has the same
 * test, so the two lists are one.
 */
class MeterTableTest {
  private static final Map<String, String> UNITS =
      Map.of("s", "seconds", "By", "bytes", "{USD}", "USD");

  /** Dashboards and alerts of users name them: a change breaks these. */
  private static final List<String> INSTRUMENTS =
      List.of(
          "secrets.backend.calls LONG_SUM {request}: Requests to the backend, retries included",
          "secrets.bytes LONG_SUM By: Bytes of the values that the cache holds",
          "secrets.cached LONG_SUM {answer}: Answers that the cache holds",
          "secrets.callback.failures LONG_SUM {failure}: Calls of listeners and metrics that threw",
          "secrets.cost DOUBLE_SUM {USD}: Requests to the backend times their list price",
          "secrets.evictions LONG_SUM {answer}: Answers dropped to make room",
          "secrets.failures LONG_SUM {failure}: Loads that failed",
          "secrets.load.duration HISTOGRAM s: Time of a load from the backend, with retries",
          "secrets.max.stale DOUBLE_GAUGE s: Age at which an answer is no longer served",
          "secrets.oldest.age DOUBLE_GAUGE s: Age of the oldest answer held",
          "secrets.rotations LONG_SUM {rotation}: Current versions that were replaced by another"
              + " one",
          "secrets.stale LONG_SUM {secret}: Names served past their age because the backend fails",
          "secrets.stale.age DOUBLE_GAUGE s: Age of the oldest answer served because the backend"
              + " fails",
          "secrets.version.age DOUBLE_GAUGE s: Time since the backend made the oldest current"
              + " version held");

  @Test
  void everyInstrumentIsInTheTable() throws IOException {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    FakeStore store = FakeStore.create().holding("NAME", "value");
    try (OpenTelemetrySdk sdk =
            OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build();
        SecretProvider provider =
            SecretProvider.builder()
                .store(store)
                .environment(Map.of())
                .metrics(new SecretTelemetry(sdk))
                .build()) {
      provider.get("NAME");
      Set<String> made = new TreeSet<>();
      Set<String> described = new TreeSet<>();
      for (MetricData metric : reader.collectAllMetrics()) {
        made.add(metric.getName() + " " + kind(metric) + " " + unit(metric.getUnit()));
        described.add(
            metric.getName()
                + " "
                + metric.getType()
                + " "
                + metric.getUnit()
                + ": "
                + metric.getDescription());
      }
      assertThat(made).isEqualTo(documented()).hasSizeGreaterThan(12);
      assertThat(described).containsExactlyElementsOf(INSTRUMENTS);
    }
  }

  private static String kind(MetricData metric) {
    return switch (metric.getType()) {
      case HISTOGRAM -> "timer";
      case DOUBLE_GAUGE, LONG_GAUGE -> "gauge";
      case LONG_SUM -> metric.getLongSumData().isMonotonic() ? "counter" : "gauge";
      case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? "counter" : "gauge";
      default -> metric.getType().name();
    };
  }

  private static String unit(String unit) {
    return UNITS.getOrDefault(unit, unit.startsWith("{") ? "1" : unit);
  }

  /** The table as {@code name kind unit}. */
  private static Set<String> documented() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../../docs/metrics.md"))) {
      if (line.startsWith("| `secrets.")) {
        String[] columns = line.split("\\|", -1);
        List<String> names = List.of(columns[1].replace("`", "").strip().split(", ", -1));
        String[] kind = columns[2].strip().split(", ", -1);
        rows.add(
            names.get(names.size() - 1) + " " + kind[0] + " " + (kind.length > 1 ? kind[1] : "1"));
      }
    }
    return rows;
  }
}
