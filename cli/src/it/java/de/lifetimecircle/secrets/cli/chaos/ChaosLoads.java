package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The loads of a provider that took longer than the soft age and brought something: their answers
 * are past that age when they come, and readers get them as fresh until the next tick.
 */
final class ChaosLoads implements SecretMetrics {

  /** A load, from before the backend was asked. */
  private record LongLoad(long begun, long ended) {}

  private final Map<String, List<LongLoad>> ofName = new ConcurrentHashMap<>();

  @Override
  public void loaded(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
    if (failure.isEmpty() && took.compareTo(ChaosRun.SOFT_AGE) > 0) {
      long ended = System.nanoTime();
      ofName
          .computeIfAbsent(name, unused -> new CopyOnWriteArrayList<>())
          .add(new LongLoad(ended - took.toNanos(), ended));
    }
  }

  /** When the first of those began that ended between two moments; the other time if none did. */
  long firstBegun(String name, long from, long to, long other) {
    long first = other;
    for (LongLoad load : ofName.getOrDefault(name, List.of())) {
      if (load.ended - from >= 0 && load.ended - to <= 0) {
        first = Math.min(first, load.begun);
      }
    }
    return first;
  }
}
