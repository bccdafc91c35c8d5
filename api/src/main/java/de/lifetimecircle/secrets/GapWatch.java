package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Notices that this process stood still, that the machine was suspended, or that its clock was set:
 * after a tick of the timer more or less time has passed, on either clock, than the tick was to
 * last. The alarms of the cache know nothing of that time, so the ages of all that is held are then
 * looked at. So they are once many short sleeps have added up to more than a tick.
 *
 * <p>It ticks only while something is held, a sixtieth of the soft age apart, at least a second and
 * at most a minute. The thread that sets {@code ticking} sets the timer.
 */
final class GapWatch implements Runnable {
  private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

  private final TimeSource time;
  private final ScheduledExecutorService timer;
  private final long tick;
  private final BooleanSupplier isNeeded;
  private final Runnable afterGap;
  private final AtomicBoolean ticking = new AtomicBoolean();
  private volatile ClockReading last;

  /** Since when the clocks have drifted apart unseen; where the time of day was least ahead. */
  private volatile ClockReading together;

  /**
   * A watch that does not tick yet.
   *
   * @param isNeeded whether anything is held
   * @param afterGap checks the ages of the held answers
   */
  GapWatch(
      TimeSource time,
      ScheduledExecutorService timer,
      CachePolicy policy,
      BooleanSupplier isNeeded,
      Runnable afterGap) {
    this.time = time;
    this.timer = timer;
    this.tick = Math.max(SHORTEST, Math.min(LONGEST, policy.softAge().toNanos() / 60));
    this.isNeeded = isNeeded;
    this.afterGap = afterGap;
    this.last = ClockReading.now(time);
    this.together = last;
  }

  /** Starts the ticks if they are needed. */
  void start() {
    if (!ticking.get() && isNeeded.getAsBoolean() && ticking.compareAndSet(false, true)) {
      last = ClockReading.now(time);
      together = last;
      next();
    }
  }

  private void next() {
    try {
      var unused = timer.schedule(this, tick, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // the provider is closed, or the timer has no thread
      ticking.set(false);
    }
  }

  /** A tick. */
  @Override
  public void run() {
    ClockReading now = ClockReading.now(time);
    Duration drift = together.drift(now);
    // Sleeps too short for a gap of their own add up.
    boolean gap = last.isGap(now, tick) || drift.compareTo(Duration.ofNanos(tick)) > 0;
    last = now;
    if (gap || drift.isNegative()) {
      together = now;
    }
    try {
      if (gap) {
        afterGap.run();
      }
    } finally {
      if (isNeeded.getAsBoolean()) {
        next();
      } else {
        ticking.set(false);
        start(); // an answer stored meanwhile found it ticking
      }
    }
  }
}
