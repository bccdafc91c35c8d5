package de.lifetimecircle.secrets.micrometer;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one provider in one registry. The gauges hold this object strongly and with it the
 * figures; so the counters, which Micrometer lets hold only weakly, always have theirs.
 *
 * <p>Guarded by its owner, except for the reads of the figures.
 */
final class BoundMeters {
  /** The figures between the close of a provider and the end of its meters. */
  static final SecretStats NOTHING =
      new SecretStats(
          Map.of(),
          0,
          0,
          Map.of(),
          0,
          0,
          0,
          0,
          Optional.empty(),
          0,
          Optional.empty(),
          Duration.ZERO,
          Optional.empty(),
          0,
          0,
          0);

  private static final String CACHED = "secrets.cached";
  private static final String LOADS = "secrets.loads";

  /** After that time a registry has joined; a filter may have renamed the timers. */
  private static final Duration JOINING = Duration.ofSeconds(10);

  /** Held while a number is chosen, since two providers may choose at the same time. */
  private static final Object NUMBERS = new Object();

  private final MeterRegistry registry;
  private final Set<String> names;
  private final Supplier<SecretStats> stats;
  private final List<Meter> meters = new ArrayList<>();
  private final Tags tags;
  private @Nullable Long joined;

  /** Registers all meters, from which on the registry may ask for figures. */
  BoundMeters(
      MeterRegistry registry, String backend, Set<String> names, Supplier<SecretStats> stats) {
    this.registry = registry;
    this.names = names;
    this.stats = stats;
    synchronized (NUMBERS) {
      this.tags = freeTags(registry, backend);
      gauge(CACHED, "Answers that the cache holds", null, SecretStats::names);
    }
    gauges();
    counters();
    for (Purpose purpose : Purpose.values()) { // so that they begin at 0
      var unused = timer("", purpose, Optional.empty());
    }
  }

  /** The smallest number that no other provider of this backend has in this registry. */
  private static Tags freeTags(MeterRegistry registry, String backend) {
    for (int number = 1; ; number++) {
      Tags tags = Tags.of("backend", backend, "provider", Integer.toString(number));
      if (registry.find(CACHED).tags(tags).meter() == null) {
        return tags;
      }
    }
  }

  private void gauges() {
    gauge("secrets.bytes", "Bytes of the values that the cache holds", "bytes", SecretStats::bytes);
    gauge(
        "secrets.stale",
        "Names served past their age because the backend fails",
        null,
        SecretStats::stale);
    age("secrets.oldest.age", "Age of the oldest answer held", SecretStats::oldest);
    age(
        "secrets.stale.age",
        "Age of the oldest answer served because the backend fails",
        SecretStats::oldestStale);
    age(
        "secrets.max.stale",
        "Age at which an answer is no longer served",
        figures -> Optional.of(figures.maxStale()));
    age(
        "secrets.version.age",
        "Time since the backend made the oldest current version held",
        SecretStats::oldestVersion);
  }

  private void counters() {
    counter(
        "secrets.backend.calls",
        "Requests to the backend, retries included",
        null,
        tags,
        SecretStats::backendCalls);
    counter(
        "secrets.cost",
        "Requests to the backend times their list price",
        "usd",
        tags,
        SecretStats::estimatedCost);
    counter(
        "secrets.rotations",
        "Current versions that were replaced by another one",
        null,
        tags,
        SecretStats::rotations);
    counter("secrets.evictions", "Answers dropped to make room", null, tags, SecretStats::evicted);
    counter(
        "secrets.callback.failures",
        "Calls of listeners and metrics that threw",
        null,
        tags,
        SecretStats::foreignFailures);
    for (SecretException.Kind kind : SecretException.Kind.values()) { // so that each begins at 0
      counter(
          "secrets.failures",
          "Loads that failed",
          null,
          tags.and("kind", kind.name()),
          figures -> figures.failures().getOrDefault(kind, 0L));
    }
  }

  private void gauge(
      String name,
      String description,
      @Nullable String unit,
      ToDoubleFunction<SecretStats> figure) {
    meters.add(
        Gauge.builder(name, () -> figure.applyAsDouble(stats.get()))
            .description(description)
            .baseUnit(unit)
            .tags(tags)
            .register(registry));
  }

  /** An age; 0 where there is none, since a gauge without a number breaks sums and alerts. */
  private void age(
      String name, String description, Function<SecretStats, Optional<Duration>> figure) {
    Supplier<Number> seconds =
        () -> figure.apply(stats.get()).orElse(Duration.ZERO).toNanos() / 1e9;
    meters.add(
        TimeGauge.builder(name, seconds, TimeUnit.SECONDS)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private void counter(
      String name,
      String description,
      @Nullable String unit,
      Iterable<Tag> its,
      ToDoubleFunction<SecretStats> figure) {
    meters.add(
        FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.stats.get()))
            .description(description)
            .baseUnit(unit)
            .tags(its)
            .register(registry));
  }

  /** Whether what is recorded stays: a composite passes it on, and forgets it if it is empty. */
  boolean isReady() {
    if (!(registry instanceof CompositeMeterRegistry all)) {
      return true;
    }
    if (all.getRegistries().isEmpty()) {
      return false;
    }
    long now = System.nanoTime();
    if (joined == null) {
      joined = now;
    }
    return hasTimers(all) || now - joined > JOINING.toNanos();
  }

  /**
   * A registry that joins gets the meters one after the other, and may read gauges meanwhile.
   * Before it has the timers it forgets loads.
   */
  private boolean hasTimers(CompositeMeterRegistry all) {
    for (MeterRegistry each : all.getRegistries()) {
      boolean has =
          each instanceof CompositeMeterRegistry inner
              ? hasTimers(inner)
              : each.find(LOADS).tags(tags).timers().size() >= Purpose.values().length;
      if (has) {
        return true;
      }
    }
    return false;
  }

  void loaded(Load load) {
    timer(load.name(), load.purpose(), load.failure()).record(load.took());
  }

  /** The registry gives back the one that it has, if it has it. */
  private Timer timer(String name, Purpose purpose, Optional<SecretException.Kind> failure) {
    Tags its =
        tags.and("purpose", purpose.name().toLowerCase(Locale.ROOT))
            .and("outcome", failure.map(Enum::name).orElse("success"));
    if (!names.isEmpty()) {
      its = its.and("name", names.contains(name) ? name : "other");
    }
    Timer timer =
        Timer.builder(LOADS)
            .description("Loads from the backend, with retries")
            .tags(its)
            .register(registry);
    if (!meters.contains(timer)) {
      meters.add(timer);
    }
    return timer;
  }

  void remove() {
    for (Meter meter : meters) {
      registry.remove(meter);
    }
    meters.clear();
  }
}
