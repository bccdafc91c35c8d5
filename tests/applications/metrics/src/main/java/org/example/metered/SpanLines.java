package org.example.metered;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the exported spans, a line for each: its name, kind, status and attributes. */
final class SpanLines implements SpanExporter {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  String all() {
    return String.join("\n", lines);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    for (SpanData span : spans) {
      lines.add(
          span.getName()
              + " "
              + span.getKind()
              + " "
              + span.getStatus().getStatusCode()
              + " "
              + span.getAttributes());
    }
    return CompletableResultCode.ofSuccess();
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
