package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock whose time moves in steps, and a timer that runs nothing: a race says when a tick comes,
 * by {@link LoneEntry#tick}, so that one can be as late as on a machine that has no thread for it.
 */
final class SteppedTimer extends EndlessExecutor implements ScheduledExecutorService, TimeSource {
  private final AtomicLong now = new AtomicLong();

  /** Lets time pass; runs nothing. */
  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(now.get());
  }

  /** A task that knows when it is due. */
  private final class Waiting<V> implements ScheduledFuture<V> {
    private final long due;

    Waiting(long due) {
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
    return new Waiting<>(now.get() + unit.toNanos(delay));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return new Waiting<>(now.get() + unit.toNanos(delay));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("the engine sets each time by itself");
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
