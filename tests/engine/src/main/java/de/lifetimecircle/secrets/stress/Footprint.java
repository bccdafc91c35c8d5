package de.lifetimecircle.secrets.stress;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How many threads and how much heap a provider takes, and that neither grows. */
final class Footprint {
  /**
   * The timer, the sweep, 16 for readers, 8 for readers of many names, 4 for refreshes, 4 for
   * listeners that do not wait, 4 for callbacks.
   */
  private static final int MOST_THREADS = 38;

  private static final long MOST_GROWTH = 16 << 20;
  private int threads;
  private long warm;
  private long last;

  /** Counts the provider's threads; returns the problem, if there is one. */
  Optional<String> look() {
    threads = Math.max(threads, ours().size());
    return threads <= MOST_THREADS
        ? Optional.empty()
        : Optional.of(threads + " threads (expected: <= " + MOST_THREADS + ")");
  }

  /** Remembers the heap in use from which it may not grow. */
  void warm() {
    warm = used();
  }

  /** Checks the heap for the last time; returns the problem, if there is one. */
  Optional<String> last() {
    last = used();
    return warm == 0 || last - warm <= MOST_GROWTH
        ? Optional.empty()
        : Optional.of("the heap grew by " + (last - warm) + " bytes");
  }

  /** Waits for the provider's threads to end; returns those that remain. */
  static Optional<String> afterClose() throws InterruptedException {
    for (Thread thread : ours()) {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    }
    List<Thread> left = ours();
    return left.isEmpty() ? Optional.empty() : Optional.of("after close: " + placesOf(left));
  }

  private static List<String> placesOf(List<Thread> threads) {
    return threads.stream()
        .map(thread -> thread.getName() + " in " + List.of(thread.getStackTrace()))
        .toList();
  }

  private static List<Thread> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("secrets-"))
        .toList();
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d threads, heap %d -> %d KiB", threads, warm >> 10, last >> 10);
  }
}
