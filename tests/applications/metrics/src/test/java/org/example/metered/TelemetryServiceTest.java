package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Scrape;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service with OpenTelemetry's SDK, whose export is compared with its stats(). */
@Timeout(600) // for what hangs, as this POM has no limit of its own; it takes 6 s
class TelemetryServiceTest {
  private static final String CANARY = "CANARY-telemetry7Qx29kW4m";

  @Test
  void theExportHasTheFiguresOfTheSnapshot(@TempDir Path folder) throws Exception {
    try (Metered service = new Metered(folder.resolve("service.log"), "opentelemetry", CANARY)) {
      service.live();
      int equal = Scrape.assertEqual(service::stats, () -> export(service));
      ScrapedServiceTest.assertEverythingHappened(service.stats());
      Figures.add("OpenTelemetry: " + equal + " figures equal stats()");
      // The reader of the missing secret waited with an SDK; the first load came before the SDK.
      assertThat(service.get("/spans").lines())
          .singleElement()
          .asString()
          .contains("secrets.load CLIENT ERROR", "NOT_FOUND")
          .doesNotContain(CANARY, "absent");
      assertThat(service.log()).doesNotContain(CANARY);
    }
  }

  /** Each point of an export by its metric and attributes. */
  private static Map<String, Double> export(Metered service) throws Exception {
    String export = service.get("/metrics");
    assertThat(export).doesNotContain(CANARY, "LTC_SECRET_KEY");
    Map<String, Double> points = new TreeMap<>();
    ((Map<?, ?>) Json.parse(export))
        .forEach((key, value) -> points.put(key.toString(), Double.valueOf(value.toString())));
    assertThat(points.keySet()).allMatch(key -> key.contains("secrets.provider=1"));
    return points;
  }
}
