package de.lifetimecircle.secrets.micrometer;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretFigure;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one provider in one registry. The gauges hold this object strongly and with it the
 * figures; so the counters, which Micrometer lets hold only weakly, always have theirs.
 *
 * <p>Guarded by its owner, except for the reads of the figures.
 */
final class ProviderMeters {
  private static final String LOADS = "secrets.loads";

  /** Micrometer's words for units; what is only counted has none. */
  private static final Map<String, String> UNITS = Map.of("By", "bytes", "{USD}", "usd");

  /** After that time a registry has joined; a filter may have renamed the timers. */
  private static final Duration JOINING = Duration.ofSeconds(10);

  /** Held while a number is chosen, since two providers may choose at the same time. */
  private static final Object NUMBERS = new Object();

  private final MeterRegistry registry;
  private final Set<String> names;
  private final Supplier<Optional<SecretStats>> stats;
  private final List<Meter> meters = new ArrayList<>();
  private final Tags tags;
  private @Nullable Long joined;

  /**
   * Registers all meters, from which on the registry may ask for figures.
   *
   * @param stats the figures; empty between the close of the provider and the end of its meters
   */
  ProviderMeters(
      MeterRegistry registry,
      String backend,
      Set<String> names,
      Supplier<Optional<SecretStats>> stats) {
    this.registry = registry;
    this.names = names;
    this.stats = stats;
    synchronized (NUMBERS) {
      this.tags = freeTags(registry, backend);
      show(SecretFigure.CACHED);
    }
    for (SecretFigure figure : EnumSet.complementOf(EnumSet.of(SecretFigure.CACHED))) {
      show(figure);
    }
    for (Purpose purpose : Purpose.values()) { // so that they begin at 0
      var unused = timer("", purpose, Optional.empty());
    }
  }

  /** The smallest number that no other provider of this backend has in this registry. */
  private static Tags freeTags(MeterRegistry registry, String backend) {
    for (int number = 1; ; number++) {
      Tags tags = Tags.of("backend", backend, "provider", Integer.toString(number));
      if (registry.find(SecretFigure.CACHED.meter()).tags(tags).meter() == null) {
        return tags;
      }
    }
  }

  private void show(SecretFigure figure) {
    switch (figure.kind()) {
      case LEVEL ->
          meters.add(
              Gauge.builder(figure.meter(), () -> value(figure::of))
                  .description(figure.description())
                  .baseUnit(UNITS.get(figure.unit()))
                  .tags(tags)
                  .register(registry));
      case AGE ->
          meters.add(
              TimeGauge.builder(figure.meter(), () -> value(figure::of), TimeUnit.SECONDS)
                  .description(figure.description())
                  .tags(tags)
                  .register(registry));
      case COUNTER, COST -> counter(figure, tags, figure::of);
      case FAILURES -> {
        for (SecretException.Kind kind : SecretException.Kind.values()) { // each begins at 0
          Tags its = tags.and("kind", kind.name());
          counter(figure, its, stats -> stats.failures().getOrDefault(kind, 0L));
        }
      }
    }
  }

  private void counter(SecretFigure figure, Tags its, Function<SecretStats, Number> value) {
    meters.add(
        FunctionCounter.builder(figure.meter(), this, self -> self.value(value).doubleValue())
            .description(figure.description())
            .baseUnit(UNITS.get(figure.unit()))
            .tags(its)
            .register(registry));
  }

  /** Returns the value of now; 0 after the close. */
  private Number value(Function<SecretStats, Number> figure) {
    return stats.get().map(figure).orElse(0);
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

  void loaded(EndedLoad load) {
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
