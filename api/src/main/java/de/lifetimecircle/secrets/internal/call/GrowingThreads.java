package de.lifetimecircle.secrets.internal.call;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Threads for the code of a service, which may take any time: a few, and more while some tasks take
 * long. A task that has waited for a while shows that all threads are held up; then each one that
 * waits gets a thread. When fewer are at work again, the surplus threads end. So a burst of short
 * tasks starts no thread for each of them.
 *
 * <p>States: nothing waits and there are {@link #FEW} threads at most, or a look at what waits is
 * due on the timer ({@code isWatched}). If an error ends that look, {@link #sweep} takes it. Takes
 * no lock; at most one look is due at a time.
 */
public final class GrowingThreads extends EngineThreads.Pool {
  private static final int FEW = 4;

  /** So many more at a time: a thousand short tasks behind a few long ones need no thousand. */
  private static final int STEP = 60;

  private final ScheduledExecutorService timer;
  private final int most;
  private final long patienceMillis;
  private final AtomicBoolean isWatched = new AtomicBoolean();

  /** The task that waited longest when the last sweep came, and since when; only sweeps use it. */
  private @Nullable Runnable waiting;

  private long waitsSince;

  private GrowingThreads(
      ScheduledExecutorService timer, ThreadFactory threads, int most, long patienceMillis) {
    super(FEW, threads);
    this.timer = timer;
    this.most = most;
    this.patienceMillis = patienceMillis;
    setMaximumPoolSize(most);
  }

  /** For listeners, of which 64 may take long before the others wait for them. */
  static GrowingThreads forListeners(ScheduledExecutorService timer, ThreadFactory threads) {
    return new GrowingThreads(timer, threads, 64, 1000);
  }

  /** For tasks of which each may wait for another one: none waits for long, whatever they do. */
  static GrowingThreads withoutBound(ScheduledExecutorService timer, ThreadFactory threads) {
    return new GrowingThreads(timer, threads, Integer.MAX_VALUE, 20);
  }

  @Override
  public void execute(Runnable task) {
    super.execute(task);
    watch();
  }

  private void watch() {
    @Nullable Runnable first = getQueue().peek();
    boolean isNeeded = first != null || getCorePoolSize() > FEW;
    if (isNeeded && isWatched.compareAndSet(false, true)) {
      try {
        var unused = timer.schedule(() -> look(first), patienceMillis, TimeUnit.MILLISECONDS);
      } catch (RuntimeException | OutOfMemoryError closing) { // or no thread can be started
        isWatched.set(false);
      }
    }
  }

  /** Looks at a task that has waited for so long that its look was lost. */
  void sweep() {
    Runnable first = getQueue().peek();
    long now = System.nanoTime();
    if (first == null || first != waiting) {
      waiting = first;
      waitsSince = now;
    } else if (now - waitsSince >= Sweep.AGAIN) {
      waitsSince = now;
      look(first);
    }
  }

  private void look(@Nullable Runnable first) {
    isWatched.set(false);
    try {
      if (first != null && first == getQueue().peek()) {
        setCorePoolSize(Math.min(most, getCorePoolSize() + Math.min(STEP, getQueue().size())));
      } else if (getQueue().isEmpty() && getActiveCount() <= FEW) {
        setCorePoolSize(FEW);
      }
    } catch (OutOfMemoryError e) { // the system starts no more threads: they wait for these
      return;
    }
    watch();
  }
}
