package de.lifetimecircle.secrets;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A timer whose alarms never ring: a race lasts no age, and a real one would cost more than it. */
final class SilentTimer extends EndlessExecutor implements ScheduledExecutorService {

  /** An alarm that is never due; one for all. */
  private static final class Silence<V> implements ScheduledFuture<V> {
    @Override
    public long getDelay(TimeUnit unit) {
      return Long.MAX_VALUE;
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
      throw new UnsupportedOperationException("it never rings");
    }

    @Override
    public V get(long timeout, TimeUnit unit) {
      return get();
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return new Silence<>();
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return new Silence<>();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    return new Silence<>();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long first, long delay, TimeUnit unit) {
    return new Silence<>();
  }

  @Override
  public void execute(Runnable task) {
    throw new UnsupportedOperationException("a timer runs no task at once");
  }
}
