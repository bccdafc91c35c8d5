package de.lifetimecircle.secrets.testkit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The executor side of a {@link FakeTicker}, which holds the queue and the time. */
final class FakeExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  /** Where a task without delay goes. */
  enum Mode {
    INLINE,
    QUEUED
  }

  private static final long ONCE = 0;

  private final FakeTicker ticker;
  private final Mode mode;
  private volatile boolean shutdown;

  FakeExecutor(FakeTicker ticker, Mode mode) {
    this.ticker = ticker;
    this.mode = mode;
  }

  @Override
  public void execute(Runnable command) {
    // A submitted task is one of ours already: wrapping it again would hide its cancellation.
    if (command instanceof Task<?> task && task.owner() == this) {
      var unused = start(task);
    } else {
      var unused = start(new Task<>(Executors.callable(command), 0, ONCE));
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return new Task<>(Executors.callable(runnable, value), 0, ONCE);
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return new Task<>(callable, 0, ONCE);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return start(new Task<>(Executors.callable(command), unit.toNanos(delay), ONCE));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return start(new Task<>(callable, unit.toNanos(delay), ONCE));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return repeat(command, initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return repeat(command, initialDelay, delay, unit);
  }

  private ScheduledFuture<?> repeat(Runnable command, long initial, long period, TimeUnit unit) {
    if (period <= 0) {
      throw new IllegalArgumentException("period: " + period + " (expected: > 0)");
    }
    return start(
        new Task<>(Executors.callable(command), unit.toNanos(initial), unit.toNanos(period)));
  }

  private <V> Task<V> start(Task<V> task) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    if (mode == Mode.INLINE && task.delay <= 0) {
      task.run();
    } else {
      ticker.add(task);
    }
    return task;
  }

  @Override
  public void shutdown() {
    shutdownNow();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return ticker.dropAll(this);
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }

  /** A task in virtual time; leaves the queue when it is cancelled. */
  final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    private final long delay;
    private final long period;
    private final long order = ticker.nextOrder();
    private volatile long due;

    private Task(Callable<V> work, long delay, long period) {
      super(recorded(ticker, work));
      this.delay = delay;
      this.period = period;
      this.due = ticker.nanoTime() + Math.max(0, delay);
    }

    FakeExecutor owner() {
      return FakeExecutor.this;
    }

    long due() {
      return due;
    }

    @Override
    public void run() {
      if (!isPeriodic()) {
        super.run();
      } else if (runAndReset() && !shutdown) {
        long next = due + period;
        due = next;
        ticker.add(this);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      ticker.drop(this);
      return cancelled;
    }

    @Override
    public boolean isPeriodic() {
      return period != ONCE;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - ticker.nanoTime(), TimeUnit.NANOSECONDS);
    }

    // The order of the queue only: two tasks are never equal. Error Prone's ComparableType wants
    // Comparable<Task>, which Delayed does not allow.
    @Override
    public int compareTo(Delayed other) {
      Task<?> that = (Task<?>) other;
      int byTime = Long.compare(due, that.due);
      return byTime != 0 ? byTime : Long.compare(order, that.order);
    }
  }

  private static <V> Callable<V> recorded(FakeTicker ticker, Callable<V> work) {
    return () -> {
      try {
        return work.call();
      } catch (Exception | Error e) {
        ticker.failed(e);
        throw e;
      }
    };
  }
}
