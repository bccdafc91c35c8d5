package de.lifetimecircle.secrets.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The word {@code opentelemetry} in the configuration. */
class SecretTelemetryFactoryTest {
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();

  @BeforeEach
  @AfterEach
  void nothingIsGlobal() {
    GlobalOpenTelemetry.resetForTest();
  }

  private static SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(FakeStore.create().holding("A", "a value"))
        .environment(Map.of())
        .set("metrics", "opentelemetry");
  }

  @Test
  void oneLineOfConfigurationUsesTheGlobalOneThatIsSetLater() {
    try (SecretProvider provider = builder().set("opentelemetry.names", "A").build()) {
      provider.get("A");
      assertThat(GlobalOpenTelemetry.isSet()).isFalse();
      GlobalOpenTelemetry.set(
          OpenTelemetrySdk.builder()
              .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
              .build());
      provider.refresh("A");
      assertThat(reader.collectAllMetrics())
          .filteredOn(metric -> metric.getName().equals("secrets.load.duration"))
          .singleElement()
          .satisfies(
              metric ->
                  assertThat(metric.getHistogramData().getPoints())
                      .singleElement()
                      .satisfies(
                          point -> {
                            assertThat(point.getCount()).isEqualTo(2);
                            assertThat(
                                    point
                                        .getAttributes()
                                        .get(AttributeKey.stringKey("secrets.name")))
                                .isEqualTo("A");
                          }));
    }
  }

  @Test
  void aWrongListIsRefused() {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> builder().set("opentelemetry.names", " ").build().close())
        .satisfies(
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .startsWith("opentelemetry.names: "));
  }
}
