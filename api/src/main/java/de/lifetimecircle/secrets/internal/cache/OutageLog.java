package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the service's log when readers begin to get answers past their soft age because loads
 * fail, and when that ends: a warning with the reason of the first name, and a line when no name
 * fails for that reason any more. The service can serve for a day by then without another sign of
 * the outage.
 *
 * <p>Each kind of failure is one outage. Of each, a warning comes at most every {@link #PAUSE},
 * however many names fail and however often they recover, and the end of an outage is written only
 * if its beginning was. The lines are written by the threads of listeners, because a log may block.
 *
 * <p>Safe for use by several threads. Its monitor is taken outside of every entry's, and before it.
 */
public final class OutageLog {
  static final String LOGGER = "de.lifetimecircle.secrets.outage";

  /** The shortest time between two warnings of one kind. */
  static final Duration PAUSE = Duration.ofMinutes(5);

  private final EngineParts parts;
  private final Map<SecretException.Kind, Outage> outages =
      new EnumMap<>(SecretException.Kind.class);
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
  private final Object writing = new Object();

  /** Whether a thread is to write the lines and has not begun: one more may wait for a slow log. */
  private final AtomicBoolean hasWriter = new AtomicBoolean();

  OutageLog(EngineParts parts) {
    this.parts = parts;
  }

  private record Line(System.Logger.Level level, String text) {}

  /** The names that fail in one way; guarded by the monitor of the log. */
  private static final class Outage {
    final Set<Slot<?>> slots = new HashSet<>();
    @Nullable Timestamp begun;
    @Nullable Timestamp warned;
    boolean isReported;

    /** Whether no slot is left that fails; forgets those that were evicted on the way to one. */
    boolean isOver() {
      for (Iterator<Slot<?>> all = slots.iterator(); all.hasNext(); ) {
        if (all.next().isFailing()) {
          return false;
        }
        all.remove();
      }
      return true;
    }

    long names() {
      return slots.stream().map(slot -> slot.name).distinct().count();
    }
  }

  /** A slot may have changed; called outside of every monitor. */
  void look(Slot<?> slot) {
    boolean isNews;
    synchronized (this) {
      isNews = note(slot);
    }
    if (isNews) {
      deliver();
    }
  }

  /** Lets the lines be written that wait; the sweep calls it as well, if there was no thread. */
  void deliver() {
    if (!lines.isEmpty() && hasWriter.compareAndSet(false, true)) {
      try {
        parts.threads().listeners.execute(this::write);
      } catch (RejectedExecutionException | OutOfMemoryError e) { // closing, or no more threads
        hasWriter.set(false);
        parts.metrics().foreignFailure();
      }
    }
  }

  private boolean note(Slot<?> slot) {
    boolean wasNoted = false;
    for (Outage outage : outages.values()) {
      wasNoted |= outage.slots.remove(slot);
    }
    SecretException failure;
    boolean isWell;
    boolean isFelt;
    synchronized (slot.monitor()) {
      if (slot.retired) { // no caller asks for it any more, which is no end of an outage
        return false;
      }
      failure = slot.failure;
      isWell = slot.isFresh() && !slot.isDoubted();
      isFelt = slot.askedIfOutageServes() != null || (wasNoted && slot.held == null);
    }
    if (failure == null) {
      return isWell && endThoseWithoutSlots();
    }
    boolean isOurEnd = failure.kind() == SecretException.Kind.CLOSED; // loads that close() ended
    return isFelt && !isOurEnd && failed(slot, failure);
  }

  private boolean failed(Slot<?> slot, SecretException failure) {
    Outage outage = outages.computeIfAbsent(failure.kind(), kind -> new Outage());
    outage.slots.add(slot);
    Timestamp now = parts.now();
    if (outage.begun == null) {
      outage.begun = now;
    }
    if (outage.warned != null && outage.warned.until(now) < PAUSE.toNanos()) {
      return false;
    }
    outage.slots.removeIf(each -> !each.isFailing()); // evicted meanwhile
    outage.warned = now;
    outage.isReported = true;
    return lines.add(new Line(System.Logger.Level.WARNING, warning(outage, slot.name, failure)));
  }

  /** Has no value, as no message of the exception has. */
  private String warning(Outage outage, String name, SecretException failure) {
    return "Cannot refresh secrets ("
        + parts.scheme()
        + "), names so far: "
        + outage.names()
        + ", such as '"
        + name
        + "'. Until they are older than max-stale ("
        + parts.policy().maxStale()
        + "), reads get the held versions. "
        + failure.kind()
        + ": "
        + failure.getMessage();
  }

  /** Some name was refreshed, so an outage is over in which none fails. */
  private boolean endThoseWithoutSlots() {
    boolean isNews = false;
    for (Map.Entry<SecretException.Kind, Outage> each : outages.entrySet()) {
      Outage outage = each.getValue();
      if (outage.begun != null) {
        isNews |= outage.isOver() && ended(each.getKey(), outage);
      }
    }
    return isNews;
  }

  private boolean ended(SecretException.Kind kind, Outage outage) {
    Timestamp begun = outage.begun;
    if (!outage.isReported || begun == null) {
      outage.begun = null;
      return false;
    }
    Duration lasted = Duration.ofNanos(begun.until(parts.now()));
    String text =
        "Refreshes of secrets ("
            + parts.scheme()
            + ") work again: no name fails with "
            + kind
            + " any more, after "
            + Duration.ofSeconds(lasted.toSeconds());
    boolean isNews = lines.add(new Line(System.Logger.Level.INFO, text));
    outage.begun = null; // last: all before may fail, and is then done again
    outage.isReported = false;
    return isNews;
  }

  /** One thread writes at a time, so that the lines are in order. */
  private void write() {
    synchronized (writing) {
      hasWriter.set(false);
      for (Line line = lines.poll(); line != null; line = lines.poll()) {
        try {
          System.getLogger(LOGGER).log(line.level(), line.text());
        } catch (RuntimeException e) { // a logger is foreign code
          parts.metrics().foreignFailure();
        }
      }
    }
  }
}
