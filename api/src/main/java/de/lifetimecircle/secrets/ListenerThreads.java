package de.lifetimecircle.secrets;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Threads for listeners: a few, and more while some listeners take long. A delivery that waits for
 * a second shows that all threads are held up; then each delivery that waits gets a thread. When
 * fewer are at work again, the surplus threads end.
 *
 * <p>States: nothing waits and there are {@link #FEW} threads at most, or a look at what waits is
 * due on the timer ({@code isWatched}). Takes no lock; at most one look is due at a time.
 */
final class ListenerThreads extends EngineThreads.Pool {
  private static final int FEW = 4;
  private static final int MOST = 64;
  private static final long PATIENCE_MILLIS = 1000;

  private final ScheduledExecutorService timer;
  private final AtomicBoolean isWatched = new AtomicBoolean();

  ListenerThreads(ScheduledExecutorService timer, ThreadFactory threads) {
    super(FEW, threads);
    this.timer = timer;
    setMaximumPoolSize(MOST);
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
        var unused = timer.schedule(() -> look(first), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RuntimeException | OutOfMemoryError closing) { // or no thread can be started
        isWatched.set(false);
      }
    }
  }

  private void look(@Nullable Runnable first) {
    isWatched.set(false);
    try {
      if (first != null && first == getQueue().peek()) {
        setCorePoolSize(Math.min(MOST, getCorePoolSize() + getQueue().size()));
      } else if (getQueue().isEmpty() && getActiveCount() <= FEW) {
        setCorePoolSize(FEW);
      }
    } catch (OutOfMemoryError e) { // the system starts no more threads: they wait for these
      return;
    }
    watch();
  }
}
