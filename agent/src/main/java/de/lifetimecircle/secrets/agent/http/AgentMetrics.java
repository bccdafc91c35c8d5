package de.lifetimecircle.secrets.agent.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by dialect and status; no name of a secret. Safe for use by several threads. */
public final class AgentMetrics {
  private final ConcurrentMap<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();

  public void answered(String dialect, int status) {
    answers
        .computeIfAbsent(
            "dialect=\"" + dialect + "\",status=\"" + status + "\"", any -> new LongAdder())
        .increment();
  }

  /** Counts a connection that was closed because of its form, its slowness or their number. */
  void refusedConnection() {
    refused.increment();
  }

  /** Returns the answers by the labels of Prometheus. */
  public Map<String, Long> answers() {
    Map<String, Long> counts = new TreeMap<>();
    answers.forEach((labels, count) -> counts.put(labels, count.sum()));
    return counts;
  }

  public long refused() {
    return refused.sum();
  }
}
