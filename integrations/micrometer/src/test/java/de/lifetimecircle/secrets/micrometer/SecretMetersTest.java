package de.lifetimecircle.secrets.micrometer;

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
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The figures of a provider as meters. */
@ExtendWith(LeakProbeExtension.class)
class SecretMetersTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private String canary = "";

  @BeforeEach
  void store(LeakProbe probe) {
    canary = probe.canary("value");
    store.holding(KEY, canary);
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

  /** The value of a meter of the first provider, as its first measurement says. */
  private static double value(MeterRegistry registry, String name, String... tags) {
    Meter meter = registry.get(name).tag("provider", "1").tags(tags).meter();
    return meter.measure().iterator().next().getValue();
  }

  private double value(String name, String... tags) {
    return value(registry, name, tags);
  }

  private static void assertEqual(MeterRegistry registry, SecretStats stats) {
    assertThat(value(registry, "secrets.cached")).isEqualTo(stats.names());
    assertThat(value(registry, "secrets.bytes")).isEqualTo((double) stats.bytes());
    assertThat(value(registry, "secrets.stale")).isEqualTo(stats.stale());
    assertThat(value(registry, "secrets.backend.calls")).isEqualTo((double) stats.backendCalls());
    assertThat(value(registry, "secrets.cost")).isEqualTo(stats.estimatedCost());
    assertThat(value(registry, "secrets.rotations")).isEqualTo((double) stats.rotations());
    assertThat(value(registry, "secrets.evictions")).isEqualTo((double) stats.evicted());
    assertThat(value(registry, "secrets.callback.failures"))
        .isEqualTo((double) stats.foreignFailures());
    assertThat(value(registry, "secrets.oldest.age"))
        .isEqualTo((double) stats.oldest().orElse(Duration.ZERO).toSeconds());
    assertThat(value(registry, "secrets.stale.age"))
        .isEqualTo((double) stats.oldestStale().orElse(Duration.ZERO).toSeconds());
    assertThat(value(registry, "secrets.version.age"))
        .isEqualTo((double) stats.oldestVersion().orElse(Duration.ZERO).toSeconds());
    assertThat(value(registry, "secrets.max.stale"))
        .isEqualTo((double) stats.maxStale().toSeconds());
    for (Kind kind : Kind.values()) {
      assertThat(value(registry, "secrets.failures", "kind", kind.name()))
          .isEqualTo(stats.failures().getOrDefault(kind, 0L).doubleValue());
    }
    assertThat(loads(registry, "read")).isEqualTo(stats.loads());
    assertThat(loads(registry, "refresh")).isEqualTo(stats.refreshes());
  }

  private static long loads(MeterRegistry registry, String purpose) {
    return registry.get("secrets.loads").tag("purpose", purpose).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  /** Loads, a failure, a rotation, an outage: then every figure is different from 0 or 1. */
  private void live(SecretProvider provider) {
    provider.get(KEY);
    assertThat(provider.find("absent")).isEmpty();
    assertThat(provider.find("another")).isEmpty();
    store.holding(KEY, canary + " of two");
    provider.refresh(KEY);
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ticker.advance(Duration.ofMinutes(7));
  }

  @Test
  void everyFigureIsThatOfTheSnapshot() {
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    try (SecretProvider provider = builder().metrics(meters).build()) {
      assertEqual(registry, provider.stats());
      live(provider);
      SecretStats stats = provider.stats();
      assertThat(stats.stale()).isEqualTo(1);
      assertThat(stats.rotations()).isEqualTo(1);
      assertThat(stats.failures()).hasSize(2);
      assertThat(stats.oldestVersion()).contains(Duration.ofMinutes(7));
      assertEqual(registry, stats);
      assertThat(
              registry
                  .get("secrets.loads")
                  .tags("backend", "store", "purpose", "read", "outcome", "NOT_FOUND")
                  .timer()
                  .count())
          .isEqualTo(2);
    }
  }

  @Test
  void figuresFromBeforeTheBindingAreNotLost() {
    SecretMeters meters = new SecretMeters();
    try (SecretProvider provider = builder().metrics(meters).build()) {
      live(provider);
      meters.bindTo(registry);
      assertEqual(registry, provider.stats());
      store.recover();
      provider.refresh(KEY);
      assertEqual(registry, provider.stats());
    }
  }

  /** Gauges may come before timers, and a look at one gives the loads to the registry. */
  @Test
  void aRegistryThatReadsGaugesWhileItJoinsHasEveryLoad() {
    for (int round = 0; round < 20; round++) {
      CompositeMeterRegistry global = new CompositeMeterRegistry();
      SecretMeters meters = new SecretMeters();
      meters.bindTo(global);
      try (SecretProvider provider = builder().metrics(meters).build()) {
        provider.get(KEY);
        SimpleMeterRegistry curious =
            new SimpleMeterRegistry() {
              @Override
              protected <T> Gauge newGauge(
                  Meter.Id id, @Nullable T of, ToDoubleFunction<T> figure) {
                Gauge gauge = super.newGauge(id, of, figure);
                assertThat(gauge.value()).isNotNaN();
                return gauge;
              }
            };
        global.add(curious);
        provider.refresh(KEY);
        assertThat(loads(curious, "read")).isEqualTo(provider.stats().loads());
      }
    }
  }

  @Test
  void aRegistryThatJoinsACompositeLaterHasEveryLoad() {
    CompositeMeterRegistry global = new CompositeMeterRegistry();
    SecretMeters meters = new SecretMeters();
    meters.bindTo(global);
    try (SecretProvider provider = builder().metrics(meters).build()) {
      live(provider);
      global.add(registry);
      assertThat(value("secrets.cached")).isEqualTo(1); // as a scrape looks at it
      assertEqual(registry, provider.stats());
    }
    assertThat(global.getMeters()).isEmpty();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void withoutARegistryOnlyTheLastLoadsAreKept() {
    SecretMeters meters = new SecretMeters();
    try (SecretProvider provider = builder().metrics(meters).build()) {
      for (int i = 0; i < SecretMeters.BACKLOG + 5; i++) {
        provider.refresh(KEY);
      }
      meters.bindTo(registry);
      assertThat(loads(registry, "read")).isEqualTo(SecretMeters.BACKLOG);
      assertThat(value("secrets.backend.calls")).isEqualTo(SecretMeters.BACKLOG + 5.0);
    }
  }

  @Test
  void noMeterNamesASecretUnlessItIsAllowed() {
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    try (SecretProvider provider = builder().metrics(meters).build()) {
      live(provider);
      assertThat(registry.getMeters())
          .allSatisfy(meter -> assertThat(meter.getId().getTag("name")).isNull());
      assertThat(registry.getMetersAsString())
          .contains("secrets.loads")
          .doesNotContain(KEY, "absent", canary);
    }
    SecretMeters allowed = new SecretMeters(List.of(KEY));
    allowed.bindTo(registry);
    try (SecretProvider provider = builder().metrics(allowed).build()) {
      store.recover();
      live(provider);
      assertThat(registry.get("secrets.loads").timers())
          .extracting(timer -> timer.getId().getTag("name"))
          .containsOnly(KEY, "other");
      assertThat(registry.getMetersAsString()).doesNotContain("absent", canary);
    }
  }

  @Test
  void theFiguresAreHeldAsLongAsTheRegistry() {
    WeakReference<SecretMeters> given = bindAndForget();
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    assertThat(given.get()).isNotNull();
    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter.measure().iterator().next().getValue()).isNotNaN());
    assertThat(value("secrets.cached")).isEqualTo(1);
    assertThat(value("secrets.backend.calls")).isEqualTo(1);
    assertThat(value("secrets.max.stale")).isEqualTo(86_400);
  }

  private WeakReference<SecretMeters> bindAndForget() {
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    builder().metrics(meters).build().get(KEY);
    return new WeakReference<>(meters);
  }

  @Test
  void nothingIsLeftAfterTheCloseAndTheNextProviderStartsAnew() {
    for (int i = 0; i < 2; i++) {
      SecretMeters meters = new SecretMeters();
      meters.bindTo(registry);
      SecretProvider provider = builder().metrics(meters).build();
      provider.get(KEY);
      assertEqual(registry, provider.stats());
      provider.close();
      assertThat(registry.getMeters()).isEmpty();
    }
  }

  @Test
  void twoProvidersOfOneBackendHaveNumbers() {
    SecretMeters one = new SecretMeters();
    SecretMeters two = new SecretMeters();
    one.bindTo(registry);
    two.bindTo(registry);
    SecretProvider first = builder().metrics(one).build();
    try (SecretProvider second = builder().metrics(two).build()) {
      first.get(KEY);
      second.get(KEY);
      second.refresh(KEY);
      assertThat(value("secrets.backend.calls")).isEqualTo(1);
      assertThat(
              registry.get("secrets.backend.calls").tag("provider", "2").functionCounter().count())
          .isEqualTo(2);
      first.close();
      assertThat(registry.find("secrets.cached").tag("provider", "1").meter()).isNull();
      assertThat(registry.get("secrets.cached").tag("provider", "2").gauge().value()).isEqualTo(1);
    }
  }

  @Test
  void oneObjectShowsOneProvider() {
    SecretMeters meters = new SecretMeters();
    Supplier<SecretStats> unasked =
        () -> {
          throw new AssertionError("no registry is there that could ask");
        };
    meters.opened("fake", unasked);
    assertThatIllegalStateException()
        .isThrownBy(() -> meters.opened("fake", unasked))
        .withMessageContaining("Make one for each provider");
  }

  @Test
  void theCloseOfARefusedProviderTakesNoMeter() {
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    SecretProvider first = builder().metrics(meters).build();
    first.get(KEY);
    SecretProvider second = builder().metrics(meters).build();
    assertThat(second.stats().foreignFailures()).as("it is refused").isEqualTo(1);
    second.close();
    assertThat(value("secrets.cached")).isEqualTo(1);
    first.refresh(KEY);
    assertEqual(registry, first.stats());
    first.close();
    assertThat(registry.getMeters()).isEmpty();
    try (SecretProvider third = builder().metrics(meters).build()) {
      assertThat(third.stats().foreignFailures()).isZero();
    }
  }

  /** Spring Boot binds a bean, and the program as docs/metrics.md shows. */
  @Test
  void aRegistryThatIsBoundTwiceHasEachMeterOnce() {
    SecretMeters meters = new SecretMeters();
    meters.bindTo(registry);
    meters.bindTo(registry);
    try (SecretProvider provider = builder().metrics(meters).build()) {
      provider.get(KEY);
      meters.bindTo(registry);
      assertThat(registry.get("secrets.cached").meters()).hasSize(1);
      assertEqual(registry, provider.stats());
    }
  }
}
