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
      for (MetricData metric : reader.collectAllMetrics()) {
        made.add(metric.getName() + " " + kind(metric) + " " + unit(metric.getUnit()));
      }
      assertThat(made).isEqualTo(documented()).hasSizeGreaterThan(12);
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
