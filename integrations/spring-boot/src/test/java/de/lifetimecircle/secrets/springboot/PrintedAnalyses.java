package de.lifetimecircle.secrets.springboot;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Keeps what Boot prints after a failed start, in place of the trace. */
public final class PrintedAnalyses implements FailureAnalysisReporter {
  static final List<FailureAnalysis> ALL = new CopyOnWriteArrayList<>();

  @Override
  public void report(FailureAnalysis analysis) {
    ALL.add(analysis);
  }
}
