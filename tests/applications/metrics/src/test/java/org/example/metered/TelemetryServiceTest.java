package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service with OpenTelemetry's SDK, whose export is compared with its stats(). */
@Timeout(60)
class TelemetryServiceTest {
  private static final String CANARY = "CANARY-telemetry7Qx29kW4m";

  private static final Pattern PURPOSE = Pattern.compile("secrets\\.purpose=(\\w+)");
  private static final Pattern FAILURE = Pattern.compile("error\\.type=(\\w+)");

  @TempDir Path folder;

  private static Map<?, ?> object(String json) {
    return Json.object(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  /** The sums of an export by metric and, after a space, purpose or type of the failure. */
  private static Map<String, Double> sums(String export) {
    Map<String, Double> sums = new TreeMap<>();
    object(export)
        .forEach(
            (key, value) -> {
              assertThat(key.toString()).contains("secrets.provider=1");
              String name = key.toString().replaceAll("\\{.*", "");
              Pattern by = name.equals("secrets.load.duration") ? PURPOSE : FAILURE;
              Matcher detail = by.matcher(key.toString());
              String suffix = detail.find() ? " " + detail.group(1) : "";
              sums.merge(name + suffix, Double.valueOf(value.toString()), Double::sum);
            });
    return sums;
  }

  private static Map<?, ?> withoutAges(Map<?, ?> stats) {
    Map<Object, Object> rest = new TreeMap<>(stats);
    rest.keySet().removeIf(key -> key.toString().startsWith("oldest"));
    return rest;
  }

  private static void compare(Map<?, ?> stats, Map<String, Double> export) {
    Map<String, String> same =
        Map.ofEntries(
            Map.entry("backendCalls", "secrets.backend.calls"),
            Map.entry("names", "secrets.cached"),
            Map.entry("bytes", "secrets.bytes"),
            Map.entry("stale", "secrets.stale"),
            Map.entry("rotations", "secrets.rotations"),
            Map.entry("evicted", "secrets.evictions"),
            Map.entry("callbackFailures", "secrets.callback.failures"),
            Map.entry("maxStale", "secrets.max.stale"),
            Map.entry("loads", "secrets.load.duration read"),
            Map.entry("refreshes", "secrets.load.duration refresh"),
            Map.entry("notFound", "secrets.failures NOT_FOUND"),
            Map.entry("unavailable", "secrets.failures UNAVAILABLE"));
    same.forEach(
        (figure, name) ->
            assertThat(export.get(name)).as(name).isEqualTo((double) Json.number(stats, figure)));
    assertThat(export.get("secrets.cost"))
        .isEqualTo(Double.parseDouble(Json.text(stats, "cost")))
        .isPositive();
    Map<String, String> ages =
        Map.of(
            "oldest", "secrets.oldest.age",
            "oldestStale", "secrets.stale.age",
            "oldestVersion", "secrets.version.age");
    ages.forEach(
        (figure, name) ->
            assertThat(export.get(name))
                .as(name)
                .isCloseTo(Json.number(stats, figure) / 1000.0, within(5.0))
                .isPositive());
    System.out.println("OpenTelemetry: " + (same.size() + 1 + ages.size()) + " figures equal stats()");
  }

  private static void untilItIs(LocalProcess service, String figure, long value) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Json.number(object(service.get("/stats")), figure) != value) {
      assertThat(System.nanoTime()).as(figure).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  @Test
  void theExportHasTheFiguresOfTheSnapshot() throws Exception {
    try (LocalProcess service = LocalProcess.service(folder, "opentelemetry", CANARY)) {
      service.get("/read");
      service.get("/absent");
      service.get("/rotate");
      untilItIs(service, "rotations", 1);
      service.get("/outage");
      untilItIs(service, "stale", 1);
      for (int i = 0; ; i++) {
        Map<?, ?> before = object(service.get("/stats"));
        String export = service.get("/metrics");
        Map<?, ?> after = object(service.get("/stats"));
        assertThat(export).doesNotContain(CANARY, "LTC_SECRET_KEY");
        if (withoutAges(before).equals(withoutAges(after))) {
          compare(after, sums(export));
          break;
        }
        assertThat(i).as("looks at a service that is never quiet").isLessThan(50);
      }
      // The reader of the missing secret waited with an SDK; the first load came before the SDK.
      assertThat(service.get("/spans").lines())
          .singleElement()
          .asString()
          .contains("secrets.load CLIENT ERROR", "NOT_FOUND")
          .doesNotContain(CANARY, "absent");
    }
    assertThat(Files.readString(folder.resolve("service.log"))).doesNotContain(CANARY);
  }
}
