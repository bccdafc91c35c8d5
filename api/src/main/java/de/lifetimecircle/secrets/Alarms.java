package de.lifetimecircle.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The alarms that belong to what one entry holds. Guarded by the entry's monitor, in which they
 * ring too.
 *
 * <p>A timer cannot take back an alarm that it has begun to run. So each knows the era it was set
 * in, and the entry asks, inside its monitor, whether that era lasts: one that comes too late finds
 * it ended and does nothing.
 */
final class Alarms {
  private final ScheduledExecutorService timer;
  private final BiConsumer<Long, Runnable> bell;
  private final List<Future<?>> set = new ArrayList<>(2);
  private @Nullable ScheduledFuture<?> refresh;
  private long era;

  /**
   * Alarms of an entry.
   *
   * @param bell runs the task in the monitor, if the era that goes with it still lasts
   */
  Alarms(ScheduledExecutorService timer, BiConsumer<Long, Runnable> bell) {
    this.timer = timer;
    this.bell = bell;
  }

  boolean lasts(long eraOfAlarm) {
    return eraOfAlarm == era;
  }

  /** Rings once, unless the era ends before. */
  void after(long nanos, Runnable task) {
    Future<?> alarm = schedule(nanos, task);
    if (alarm != null) {
      set.add(alarm);
    }
  }

  /** Rings for the next refresh; replaces the alarm that was set for it. */
  void refreshAfter(long nanos, Runnable task) {
    cancel(refresh);
    refresh = schedule(nanos, task);
  }

  /** The nanoseconds until the next refresh; 0 when none is set. */
  long untilRefresh() {
    return refresh == null ? 0 : Math.max(0, refresh.getDelay(TimeUnit.NANOSECONDS));
  }

  /** Ends the era: no alarm that was set so far rings any more. */
  void clear() {
    era++;
    set.forEach(Alarms::cancel);
    set.clear();
    cancel(refresh);
    refresh = null;
  }

  private @Nullable ScheduledFuture<?> schedule(long nanos, Runnable task) {
    long setIn = era;
    try {
      return timer.schedule(() -> bell.accept(setIn, task), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closing) { // the timer ends only with the provider
      return null;
    }
  }

  private static void cancel(@Nullable Future<?> alarm) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }
}
