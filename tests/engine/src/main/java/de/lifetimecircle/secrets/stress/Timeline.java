package de.lifetimecircle.secrets.stress;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The times until which each version of one name was current, on the clock of {@link
 * System#nanoTime}. Versions that were displaced longer ago than anybody asks for are dropped. Safe
 * for use by several threads.
 */
final class Timeline {
  private static final long KEPT_NANOS = 60_000_000_000L;

  private final String name;
  private final AtomicInteger current = new AtomicInteger(1);
  private final ConcurrentSkipListMap<Integer, Long> displacedAt = new ConcurrentSkipListMap<>();

  Timeline(String name) {
    this.name = name;
  }

  int current() {
    return current.get();
  }

  /** The version before the current one, if it was current no longer ago than that; else that. */
  int previous(long nanos) {
    Map.Entry<Integer, Long> last = displacedAt.lastEntry();
    boolean recent = last != null && System.nanoTime() - last.getValue() < nanos;
    return recent ? last.getKey() : current();
  }

  /** Makes the next version current; for one thread alone. */
  void rotate() {
    long now = System.nanoTime();
    displacedAt.put(current(), now); // first, so that it is remembered once it is not current
    current.incrementAndGet();
    displacedAt.values().removeIf(at -> now - at > KEPT_NANOS);
  }

  /** The text of a version, which says whose it is and cannot be that of another. */
  String text(int version) {
    return "secret of " + name + " version " + version + " end";
  }

  /**
   * How long before that moment the version was current for the last time, in nanoseconds: 0 if it
   * still was, the largest number if it never was or it is not remembered.
   */
  long staleness(int version, long at) {
    Long displaced = displacedAt.get(version);
    if (displaced != null) {
      return Math.max(0, at - displaced);
    }
    return version == current() || displacedAt.containsKey(version) ? 0 : Long.MAX_VALUE;
  }
}
