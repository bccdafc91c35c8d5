package org.example.metered;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The pages of the service with its metrics.
 *
 * @param figures an export of all figures as they are now
 * @param spans the spans that have ended, one line for each
 */
record MetricsPages(Supplier<String> figures, Supplier<String> spans) {

  /** Adds a registry to Micrometer's global one. */
  static MetricsPages prometheus() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics.addRegistry(registry);
    return new MetricsPages(registry::scrape, () -> "");
  }

  /** Sets the global OpenTelemetry. */
  static MetricsPages openTelemetry() {
    FigureExporter figures = new FigureExporter();
    SpanLines spans = new SpanLines();
    SdkMeterProvider meters =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(figures).setInterval(Duration.ofDays(1)).build())
            .build();
    OpenTelemetrySdk.builder()
        .setMeterProvider(meters)
        .setTracerProvider(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build())
        .buildAndRegisterGlobal();
    return new MetricsPages(
        () -> {
          meters.forceFlush().join(10, TimeUnit.SECONDS);
          return figures.last();
        },
        spans::all);
  }
}
