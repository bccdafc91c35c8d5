package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when a test says so: a clock, and the timer and workers that go with it.
 *
 * <pre>{@code
 * FakeTicker ticker = FakeTicker.inline();
 * SecretProvider provider =
 *     SecretProvider.builder()
 *         .store(store)
 *         .clock(ticker)
 *         .executor(ticker.workers())
 *         .build();
 * ticker.advance(Duration.ofMinutes(5)); // runs what falls due, in order, on this thread
 * }</pre>
 *
 * <p>Safe for use by several threads; tasks run on the thread that moves the time, one after the
 * other, in the order of their times and then of their submission. A task may itself move the time
 * on. Nothing sleeps.
 *
 * <p>It has two clocks, as a machine has: {@link #instant} can be set apart from {@link #nanoTime}
 * ({@link #step}), and time can pass in which nothing runs ({@link #stall}).
 */
public final class FakeTicker implements TimeSource {
  // Lock: this. Guards now, stepped, order, queue and failures, and is never held while a task
  // runs, so a task may submit, cancel and advance. Invariant: now never goes back.
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeExecutor timer = new FakeExecutor(this, FakeExecutor.Mode.QUEUED);
  private final FakeExecutor workers;
  private final PriorityQueue<FakeExecutor.Task<?>> queue = new PriorityQueue<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long now;
  private Duration stepped = Duration.ZERO;
  private long order;

  private FakeTicker(FakeExecutor.Mode mode) {
    this.workers = new FakeExecutor(this, mode);
  }

  /** A ticker whose workers run each task at once, on the thread that submits it. */
  public static FakeTicker inline() {
    return new FakeTicker(FakeExecutor.Mode.INLINE);
  }

  /** A ticker whose workers keep their tasks until {@link #runReady} or {@link #advance}. */
  public static FakeTicker queued() {
    return new FakeTicker(FakeExecutor.Mode.QUEUED);
  }

  /** The time of day: 2026-01-01T00:00:00Z plus all that was advanced and stepped. */
  @Override
  public synchronized Instant instant() {
    return START.plusNanos(now).plus(stepped);
  }

  /**
   * Sets the time of day forward, or back by a negative duration, as a person who sets the clock
   * does, or the sleep of a machine whose monotonic clock stands still meanwhile. Timers do not
   * notice, and nothing runs.
   */
  public synchronized void step(Duration duration) {
    stepped = stepped.plus(duration);
  }

  /**
   * Lets time pass while nothing runs, as in a suspended process. The next {@link #runReady} or
   * {@link #advance} runs the overdue tasks, late.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void stall(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: >= 0)");
    }
    moveTo(Math.addExact(nanoTime(), duration.toNanos()));
  }

  /** How far the time was advanced, in nanoseconds. */
  @Override
  public synchronized long nanoTime() {
    return now;
  }

  /** The timer: keeps every task until its time has come. */
  @Override
  public ScheduledExecutorService timer() {
    return timer;
  }

  /** The workers: run a task at once or keep it, as the ticker was made. */
  public ScheduledExecutorService workers() {
    return workers;
  }

  /**
   * Runs the due tasks, and the tasks that become due through them.
   *
   * @return how many tasks ran
   */
  public int runReady() {
    return advance(Duration.ZERO);
  }

  /**
   * Advances the time and runs the tasks that become due on the way, each at its own time.
   *
   * @return how many tasks ran
   * @throws IllegalArgumentException if the duration is negative
   */
  public int advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: >= 0)");
    }
    long target = Math.addExact(nanoTime(), duration.toNanos());
    int ran = 0;
    FakeExecutor.Task<?> task = takeDue(target);
    while (task != null) {
      task.run();
      ran++;
      task = takeDue(target);
    }
    moveTo(target);
    return ran;
  }

  /**
   * Moves the time from task to task until the future is done, and gives its result.
   *
   * @throws IllegalStateException if it is not done and nothing is left to run
   * @throws ExecutionException with the future's failure
   */
  public <T> T await(Future<T> future) throws ExecutionException {
    while (!future.isDone()) {
      Duration next =
          untilNext()
              .orElseThrow(() -> new IllegalStateException("not done, and nothing left to run"));
      advance(next);
    }
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** How long until the next task falls due; zero if one is due; nothing if there is none. */
  public synchronized Optional<Duration> untilNext() {
    FakeExecutor.Task<?> next = queue.peek();
    return next == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, next.due() - now)));
  }

  /** How many tasks wait for their time or for a worker; cancelled ones do not count. */
  public synchronized int waiting() {
    return queue.size();
  }

  /**
   * Returns the exceptions that tasks threw so far, in order; a real executor would have hidden
   * them in futures.
   */
  public synchronized List<Throwable> failures() {
    return List.copyOf(failures);
  }

  synchronized long nextOrder() {
    return order++;
  }

  synchronized void add(FakeExecutor.Task<?> task) {
    queue.add(task);
  }

  synchronized void drop(FakeExecutor.Task<?> task) {
    queue.remove(task);
  }

  synchronized List<Runnable> dropAll(FakeExecutor owner) {
    List<Runnable> dropped = new ArrayList<>();
    for (FakeExecutor.Task<?> task : queue) {
      if (task.owner() == owner) {
        dropped.add(task);
      }
    }
    queue.removeAll(dropped);
    return dropped;
  }

  synchronized void failed(Throwable failure) {
    failures.add(failure);
  }

  private synchronized FakeExecutor.@Nullable Task<?> takeDue(long target) {
    FakeExecutor.Task<?> next = queue.peek();
    if (next == null || next.due() > Math.max(target, now)) {
      return null;
    }
    queue.remove();
    now = Math.max(now, next.due());
    return next;
  }

  private synchronized void moveTo(long target) {
    now = Math.max(now, target);
  }
}
