package de.lifetimecircle.secrets.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/metrics.md is the list of meters; the module for OpenTelemetry has the same
 * test, so the two lists are one.
 */
class MeterTableTest {
  /** Dashboards and alerts of users name them: a change breaks these. */
  private static final List<String> METERS =
      List.of(
          "secrets.backend.calls COUNTER null: Requests to the backend, retries included",
          "secrets.bytes GAUGE bytes: Bytes of the values that the cache holds",
          "secrets.cached GAUGE null: Answers that the cache holds",
          "secrets.callback.failures COUNTER null: Calls of listeners and metrics that threw",
          "secrets.cost COUNTER usd: Requests to the backend times their list price",
          "secrets.evictions COUNTER null: Answers dropped to make room",
          "secrets.failures COUNTER null: Loads that failed",
          "secrets.loads TIMER seconds: Loads from the backend, with retries",
          "secrets.max.stale GAUGE seconds: Age at which an answer is no longer served",
          "secrets.oldest.age GAUGE seconds: Age of the oldest answer held",
          "secrets.rotations COUNTER null: Current versions that were replaced by another one",
          "secrets.stale GAUGE null: Names served past their age because the backend fails",
          "secrets.stale.age GAUGE seconds: Age of the oldest answer served because the backend"
              + " fails",
          "secrets.version.age GAUGE seconds: Time since the backend made the oldest current"
              + " version held");

  @Test
  void theMetersStay() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    try (SecretProvider unused =
        SecretProvider.builder()
            .store(FakeStore.create())
            .environment(Map.of())
            .metrics(meters)
            .build()) {
      Set<String> made = new TreeSet<>();
      for (Meter meter : registry.getMeters()) {
        Meter.Id id = meter.getId();
        made.add(
            id.getName()
                + " "
                + id.getType()
                + " "
                + id.getBaseUnit()
                + ": "
                + id.getDescription());
      }
      assertThat(made).containsExactlyElementsOf(METERS);
    }
  }

  @Test
  void everyMeterIsInTheTable() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    FakeStore store = FakeStore.create().holding("NAME", "value");
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).metrics(meters).build()) {
      provider.get("NAME");
      Set<String> made = new TreeSet<>();
      for (Meter meter : registry.getMeters()) {
        made.add(
            meter.getId().getName()
                + " "
                + meter.getId().getType().name().toLowerCase(Locale.ROOT)
                + " "
                + unit(meter.getId().getBaseUnit()));
      }
      assertThat(made).isEqualTo(documented()).hasSizeGreaterThan(12);
    }
  }

  private static String unit(@Nullable String base) {
    return base == null ? "1" : base.equals("usd") ? "USD" : base;
  }

  /** The table as {@code name kind unit}. */
  private static Set<String> documented() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../../docs/metrics.md"))) {
      if (line.startsWith("| `secrets.")) {
        String[] columns = line.split("\\|", -1);
        List<String> names = List.of(columns[1].replace("`", "").strip().split(", ", -1));
        String[] kind = columns[2].strip().split(", ", -1);
        rows.add(names.get(0) + " " + kind[0] + " " + (kind.length > 1 ? kind[1] : "1"));
      }
    }
    return rows;
  }
}
