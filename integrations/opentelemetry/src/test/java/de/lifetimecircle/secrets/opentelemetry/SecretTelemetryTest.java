package de.lifetimecircle.secrets.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The figures of a provider as metrics of OpenTelemetry, and its spans. */
@ExtendWith(LeakProbeExtension.class)
class SecretTelemetryTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("secrets.purpose");
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("secrets.name");

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .build();
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private String canary = "";

  @BeforeEach
  void store(LeakProbe probe) {
    canary = probe.canary("value");
    store.holding(KEY, canary);
  }

  @AfterEach
  void end() {
    sdk.close();
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store.secondClient())
        .environment(Map.of())
        .set("jitter", "0")
        .set("retries", "0")
        .set("call-price", "0.05")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private void live(SecretProvider provider) {
    provider.get(KEY);
    assertThat(provider.find("absent")).isEmpty();
    store.holding(KEY, canary + " of two");
    provider.refresh(KEY);
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ticker.advance(Duration.ofMinutes(7));
  }

  private static MetricData metric(Collection<MetricData> all, String name) {
    return all.stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  private static long whole(Collection<MetricData> all, String name) {
    return metric(all, name).getLongSumData().getPoints().iterator().next().getValue();
  }

  private static double age(Collection<MetricData> all, String name) {
    return metric(all, name).getDoubleGaugeData().getPoints().iterator().next().getValue();
  }

  private static long loads(Collection<MetricData> all, String purpose) {
    return metric(all, "secrets.load.duration").getHistogramData().getPoints().stream()
        .filter(point -> purpose.equals(point.getAttributes().get(PURPOSE)))
        .mapToLong(HistogramPointData::getCount)
        .sum();
  }

  private static void assertEqual(Collection<MetricData> all, SecretStats stats) {
    assertThat(whole(all, "secrets.cached")).isEqualTo(stats.names());
    assertThat(whole(all, "secrets.bytes")).isEqualTo(stats.bytes());
    assertThat(whole(all, "secrets.stale")).isEqualTo(stats.stale());
    assertThat(whole(all, "secrets.backend.calls")).isEqualTo(stats.backendCalls());
    assertThat(whole(all, "secrets.rotations")).isEqualTo(stats.rotations());
    assertThat(whole(all, "secrets.evictions")).isEqualTo(stats.evicted());
    assertThat(whole(all, "secrets.callback.failures")).isEqualTo(stats.foreignFailures());
    assertThat(
            metric(all, "secrets.cost").getDoubleSumData().getPoints().iterator().next().getValue())
        .isEqualTo(stats.estimatedCost());
    assertThat(age(all, "secrets.oldest.age"))
        .isEqualTo((double) stats.oldest().orElse(Duration.ZERO).toSeconds());
    assertThat(age(all, "secrets.stale.age"))
        .isEqualTo((double) stats.oldestStale().orElse(Duration.ZERO).toSeconds());
    assertThat(age(all, "secrets.max.stale")).isEqualTo((double) stats.maxStale().toSeconds());
    assertThat(age(all, "secrets.version.age"))
        .isEqualTo((double) stats.oldestVersion().orElse(Duration.ZERO).toSeconds());
    assertThat(metric(all, "secrets.failures").getLongSumData().getPoints())
        .hasSize(Kind.values().length)
        .allSatisfy(
            point ->
                assertThat(point.getValue())
                    .isEqualTo(
                        stats
                            .failures()
                            .getOrDefault(Kind.valueOf(point.getAttributes().get(ERROR)), 0L)));
    assertThat(loads(all, "read")).isEqualTo(stats.loads());
    assertThat(loads(all, "refresh")).isEqualTo(stats.refreshes());
  }

  @Test
  void everyFigureIsThatOfTheSnapshot() {
    try (SecretProvider provider = builder().metrics(new SecretTelemetry(sdk)).build()) {
      live(provider);
      SecretStats stats = provider.stats();
      assertThat(stats.stale()).isEqualTo(1);
      assertThat(stats.rotations()).isEqualTo(1);
      assertEqual(reader.collectAllMetrics(), stats);
    }
    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .containsOnly("secrets.load.duration"); // which nothing asks for any more
  }

  @Test
  void aDurationHasAnErrorTypeOnlyIfTheLoadFailed() {
    try (SecretProvider provider = builder().metrics(new SecretTelemetry(sdk)).build()) {
      live(provider);
      MetricData durations = metric(reader.collectAllMetrics(), "secrets.load.duration");
      assertThat(durations.getUnit()).isEqualTo("s");
      assertThat(durations.getHistogramData().getPoints())
          .extracting(
              point -> point.getAttributes().get(PURPOSE) + " " + point.getAttributes().get(ERROR))
          .containsExactlyInAnyOrder("read null", "read NOT_FOUND", "refresh UNAVAILABLE");
    }
  }

  @Test
  void aLoadThatAReaderWaitsForIsAChildOfItsSpan() {
    Span request = sdk.getTracer("test").spanBuilder("request").startSpan();
    try (SecretProvider provider = builder().metrics(new SecretTelemetry(sdk)).build()) {
      try (Scope unused = request.makeCurrent()) {
        provider.get(KEY);
        provider.get(KEY); // by the cache
        assertThat(provider.find("absent")).isEmpty();
      }
      ticker.advance(Duration.ofMinutes(5)); // a refresh
    }
    assertThat(spans.getFinishedSpanItems())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(span.getName()).isEqualTo("secrets.load");
              assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
              assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
              assertThat(span.getAttributes().get(NAME)).isNull();
            });
    SpanData worked = spans.getFinishedSpanItems().get(0);
    assertThat(worked.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(worked.getAttributes().get(ERROR)).isNull();
    SpanData failed = spans.getFinishedSpanItems().get(1);
    assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(failed.getAttributes().get(ERROR)).isEqualTo("NOT_FOUND");
  }

  @Test
  void aReaderOnAThreadOfAPoolHasItsSpan() throws Exception {
    Span request = sdk.getTracer("test").spanBuilder("request").startSpan();
    SecretProviderBuilder own =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .metrics(new SecretTelemetry(sdk));
    try (SecretProvider provider = own.build();
        Scope unused = request.makeCurrent()) {
      provider.getAsync(KEY).get();
    }
    assertThat(spans.getFinishedSpanItems())
        .extracting(SpanData::getParentSpanId)
        .containsExactly(request.getSpanContext().getSpanId());
  }

  @Test
  void nothingNamesASecretUnlessItIsAllowed() {
    try (SecretProvider provider =
        builder().metrics(new SecretTelemetry(sdk, List.of(KEY))).build()) {
      provider.get(KEY);
      assertThat(provider.find("absent")).isEmpty();
      assertThat(metric(reader.collectAllMetrics(), "secrets.load.duration").getData().getPoints())
          .extracting(point -> point.getAttributes().get(NAME))
          .containsExactlyInAnyOrder(KEY, null);
    }
    assertThat(spans.getFinishedSpanItems())
        .extracting(span -> span.getAttributes().get(NAME))
        .containsExactly(KEY, null);
    assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("absent", canary);
  }

  @Test
  void loadsFromBeforeOpenTelemetryAreNotLost() {
    AtomicReference<OpenTelemetry> later = new AtomicReference<>();
    SecretTelemetry telemetry =
        new SecretTelemetry(() -> Optional.ofNullable(later.get()), List.of());
    try (SecretProvider provider = builder().metrics(telemetry).build()) {
      provider.get(KEY);
      assertThat(provider.find("absent")).isEmpty();
      assertThat(spans.getFinishedSpanItems()).isEmpty();
      later.set(sdk);
      provider.refresh(KEY);
      assertEqual(reader.collectAllMetrics(), provider.stats());
      assertThat(spans.getFinishedSpanItems()).hasSize(1);
    }
  }

  @Test
  void twoProvidersHaveNumbersAndACloseGivesOneBack() {
    SecretProvider first = builder().metrics(new SecretTelemetry(sdk)).build();
    try (SecretProvider second = builder().metrics(new SecretTelemetry(sdk)).build()) {
      assertThat(numbers()).containsExactlyInAnyOrder(1L, 2L);
      first.close();
      assertThat(numbers()).containsExactly(2L);
      try (SecretProvider third = builder().metrics(new SecretTelemetry(sdk)).build()) {
        assertThat(numbers()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(third.stats().loads()).isEqualTo(second.stats().loads());
      }
    }
  }

  private List<Long> numbers() {
    return metric(reader.collectAllMetrics(), "secrets.cached").getData().getPoints().stream()
        .map(PointData::getAttributes)
        .map(its -> its.get(AttributeKey.longKey("secrets.provider")))
        .toList();
  }

  @Test
  void oneObjectShowsOneProvider() {
    SecretTelemetry telemetry = new SecretTelemetry(OpenTelemetry.noop());
    try (SecretProvider provider = builder().metrics(telemetry).build()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> telemetry.opened("fake", provider::stats))
          .withMessageContaining("Make one for each provider");
      telemetry.closed(); // as the refused one does in the end
    }
  }

  @Test
  void theCloseOfARefusedProviderEndsNoMetric() {
    SecretTelemetry telemetry = new SecretTelemetry(sdk);
    SecretProvider first = builder().metrics(telemetry).build();
    first.get(KEY);
    SecretProvider second = builder().metrics(telemetry).build();
    assertThat(second.stats().foreignFailures()).as("it is refused").isEqualTo(1);
    second.close();
    first.refresh(KEY);
    assertEqual(reader.collectAllMetrics(), first.stats());
    first.close();
    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .containsOnly("secrets.load.duration");
    try (SecretProvider third = builder().metrics(telemetry).build()) {
      assertThat(third.stats().foreignFailures()).isZero();
    }
  }

  /** As docs/metrics.md says of both kinds of metrics. */
  @Test
  void numbersBeginAtOneForEachBackend() {
    SecretTelemetry aws = new SecretTelemetry(sdk);
    SecretTelemetry vault = new SecretTelemetry(sdk);
    try (SecretProvider provider = builder().build()) {
      aws.opened("aws", provider::stats);
      vault.opened("vault", provider::stats);
      assertThat(numbers()).containsExactly(1L, 1L);
      aws.closed();
      vault.closed();
    }
  }

  @Test
  void anOpeningThatFailsKeepsNoNumber() {
    OpenTelemetry broken =
        new OpenTelemetry() {
          @Override
          public TracerProvider getTracerProvider() {
            return TracerProvider.noop();
          }

          @Override
          public Meter getMeter(String scope) {
            return (Meter)
                Proxy.newProxyInstance(
                    Meter.class.getClassLoader(),
                    new Class<?>[] {Meter.class},
                    (proxy, method, arguments) -> {
                      throw new IllegalStateException("no " + method.getName());
                    });
          }

          @Override
          public ContextPropagators getPropagators() {
            return ContextPropagators.noop();
          }
        };
    try (SecretProvider provider = builder().metrics(new SecretTelemetry(broken)).build()) {
      assertThat(provider.stats().foreignFailures()).as("it fails").isEqualTo(1);
    }
    try (SecretProvider provider = builder().metrics(new SecretTelemetry(sdk)).build()) {
      assertThat(provider.stats().loads()).isZero();
      assertThat(numbers()).containsExactly(1L);
    }
  }
}
