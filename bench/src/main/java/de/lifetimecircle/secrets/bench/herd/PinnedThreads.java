package de.lifetimecircle.secrets.bench.herd;

import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/**
 * Counts how often a virtual thread kept its carrier while it waited, as the JVM itself records it.
 * Begun after a warm-up, since every thread that waits for the JVM to load a class is pinned. Used
 * by one thread.
 */
final class PinnedThreads implements AutoCloseable {
  private static final String EVENT = "jdk.VirtualThreadPinned";
  private static final long NOTICEABLE = 30_000_000;

  private final Recording recording = new Recording();

  PinnedThreads() {
    recording.enable(EVENT).withThreshold(Duration.ZERO).withoutStackTrace();
    recording.start();
  }

  /** How often since it was made; ends the record. */
  long count() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("pins", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().equals(EVENT))
          .count();
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Returns the count for a thread that is pinned on purpose: 0 would mean that the counter sees
   * nothing.
   */
  static long ofOneThatIsPinned(ThreadFactory virtual) throws IOException, InterruptedException {
    try (PinnedThreads pins = new PinnedThreads()) {
      Thread thread = virtual.newThread(() -> Initializer.touch());
      thread.start();
      thread.join();
      return pins.count();
    }
  }

  /** Waits in its initializer, which the JVM calls by native code: that pins on every version. */
  private static final class Initializer {
    static {
      try {
        RealPause.nanos(NOTICEABLE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    static void touch() {
      // Being called is enough.
    }
  }

  @Override
  public void close() {
    recording.close();
  }
}
