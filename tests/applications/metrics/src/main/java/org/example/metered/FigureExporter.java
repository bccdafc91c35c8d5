package org.example.metered;

import de.lifetimecircle.secrets.spi.Json;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the last export as JSON: each point as its metric and attributes, with its value. */
final class FigureExporter implements MetricExporter {
  private volatile String last = "{}";

  String last() {
    return last;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    Map<String, Object> points = new TreeMap<>();
    for (MetricData metric : metrics) {
      for (PointData point : metric.getData().getPoints()) {
        Map<String, Object> attributes = new TreeMap<>();
        Attributes its = point.getAttributes();
        its.forEach((key, value) -> attributes.put(key.getKey(), value));
        points.put(metric.getName() + attributes, value(point));
      }
    }
    last = Json.write(points);
    return CompletableResultCode.ofSuccess();
  }

  private static String value(PointData point) {
    if (point instanceof LongPointData whole) {
      return Long.toString(whole.getValue());
    }
    if (point instanceof DoublePointData real) {
      return Double.toString(real.getValue());
    }
    return Long.toString(((HistogramPointData) point).getCount());
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
