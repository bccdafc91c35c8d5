package de.lifetimecircle.secrets.opentelemetry;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretFigure;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableMeasurement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The instruments of one provider. One callback reads one snapshot for all of them, so that the
 * figures of one export fit each other. Safe for use by several threads.
 */
final class Instruments {
  private static final String SCOPE = "de.lifetimecircle.secrets";
  private static final AttributeKey<String> BACKEND = AttributeKey.stringKey("secrets.backend");
  private static final AttributeKey<Long> PROVIDER = AttributeKey.longKey("secrets.provider");
  private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("secrets.purpose");
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("secrets.name");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  /** A load is one request over a network, or the decryption of one file. */
  private static final List<Double> SECONDS =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

  private final Meter meter;
  private final Tracer tracer;
  private final Set<String> names;
  private final String backend;
  private final int number;
  private final Attributes common;
  private final DoubleHistogram durations;
  private final List<ObservableMeasurement> measurements = new ArrayList<>();
  private final List<Consumer<SecretStats>> observations = new ArrayList<>();
  private final BatchCallback callback;

  /** Makes all instruments, from which on an export may ask for figures. */
  static Instruments open(
      OpenTelemetry openTelemetry, String backend, Set<String> names, Supplier<SecretStats> stats) {
    int number = ProviderNumbers.take(backend);
    try {
      return new Instruments(openTelemetry, backend, number, names, stats);
    } catch (RuntimeException | Error e) {
      ProviderNumbers.giveBack(backend, number);
      throw e;
    }
  }

  private Instruments(
      OpenTelemetry openTelemetry,
      String backend,
      int number,
      Set<String> names,
      Supplier<SecretStats> stats) {
    this.meter = openTelemetry.getMeter(SCOPE);
    this.tracer = openTelemetry.getTracer(SCOPE);
    this.names = names;
    this.backend = backend;
    this.number = number;
    this.common = Attributes.of(BACKEND, backend, PROVIDER, (long) number);
    this.durations =
        meter
            .histogramBuilder("secrets.load.duration")
            .setUnit("s")
            .setDescription("Time of a load from the backend, with retries")
            .setExplicitBucketBoundariesAdvice(SECONDS)
            .build();
    for (SecretFigure figure : SecretFigure.values()) {
      show(figure);
    }
    this.callback =
        meter.batchCallback(
            () -> observe(stats.get()),
            measurements.get(0),
            measurements.subList(1, measurements.size()).toArray(ObservableMeasurement[]::new));
  }

  private void observe(SecretStats figures) {
    for (Consumer<SecretStats> observation : observations) {
      observation.accept(figures);
    }
  }

  private void show(SecretFigure figure) {
    String name = figure.meter();
    String unit = figure.unit();
    String text = figure.description();
    switch (figure.kind()) {
      case LEVEL ->
          observe(
              figure,
              meter.upDownCounterBuilder(name).setUnit(unit).setDescription(text).buildObserver());
      case AGE ->
          observe(
              figure, meter.gaugeBuilder(name).setUnit(unit).setDescription(text).buildObserver());
      case COUNTER ->
          observe(
              figure,
              meter.counterBuilder(name).setUnit(unit).setDescription(text).buildObserver());
      case COST ->
          observe(
              figure,
              meter
                  .counterBuilder(name)
                  .ofDoubles()
                  .setUnit(unit)
                  .setDescription(text)
                  .buildObserver());
      case FAILURES ->
          failures(meter.counterBuilder(name).setUnit(unit).setDescription(text).buildObserver());
    }
  }

  private void observe(SecretFigure figure, ObservableLongMeasurement made) {
    measurements.add(made);
    observations.add(stats -> made.record(figure.of(stats).longValue(), common));
  }

  private void observe(SecretFigure figure, ObservableDoubleMeasurement made) {
    measurements.add(made);
    observations.add(stats -> made.record(figure.of(stats).doubleValue(), common));
  }

  /** Each kind begins at 0, so that the first failure is an increase. */
  private void failures(ObservableLongMeasurement made) {
    measurements.add(made);
    observations.add(
        stats -> {
          for (SecretException.Kind kind : SecretException.Kind.values()) {
            Attributes its = common.toBuilder().put(ERROR, kind.name()).build();
            made.record(stats.failures().getOrDefault(kind, 0L), its);
          }
        });
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private AttributesBuilder attributes(String name) {
    AttributesBuilder its = common.toBuilder();
    if (names.contains(name)) {
      its.put(NAME, name);
    }
    return its;
  }

  void loaded(String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
    AttributesBuilder its = attributes(name).put(PURPOSE, purpose.name().toLowerCase(Locale.ROOT));
    failure.ifPresent(kind -> its.put(ERROR, kind.name()));
    durations.record(seconds(took), its.build());
  }

  /** Begins a span in the context of this thread; returns what ends it. */
  Consumer<Optional<SecretException.Kind>> span(String name) {
    Span span =
        tracer
            .spanBuilder("secrets.load")
            .setSpanKind(SpanKind.CLIENT)
            .setAllAttributes(attributes(name).build())
            .startSpan();
    return failure -> {
      if (failure.isPresent()) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(ERROR, failure.get().name());
      }
      span.end();
    };
  }

  void close() {
    callback.close();
    ProviderNumbers.giveBack(backend, number);
  }
}
