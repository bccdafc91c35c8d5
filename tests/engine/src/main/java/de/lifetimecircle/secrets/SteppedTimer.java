package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A timer whose time moves in steps and whose alarms ring when a race says so, by {@link
 * LoneEntry#ring}: so an alarm can be as late as on a machine that has no thread for it.
 */
final class SteppedTimer extends EndlessExecutor implements ScheduledExecutorService {
  private final AtomicLong now = new AtomicLong();

  /** Lets time pass; rings nothing. */
  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** The time by this timer, in nanoseconds. */
  long now() {
    return now.get();
  }

  /** An alarm that knows when it is due. */
  private final class Alarm<V> implements ScheduledFuture<V> {
    private final long due;

    Alarm(long due) {
      this.due = due;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - now.get(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      return true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public V get() {
      throw new UnsupportedOperationException("it has no result");
    }

    @Override
    public V get(long timeout, TimeUnit unit) {
      return get();
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return new Alarm<>(now.get() + unit.toNanos(delay));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return new Alarm<>(now.get() + unit.toNanos(delay));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("the engine sets each alarm by itself");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long first, long delay, TimeUnit unit) {
    return schedule(task, first, unit);
  }

  @Override
  public void execute(Runnable task) {
    throw new UnsupportedOperationException("a timer runs no task at once");
  }
}
