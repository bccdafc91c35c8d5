package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.SecretListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Has pools replace their connections after a rotation, on a thread of its own, which ends when
 * there is nothing to do.
 *
 * <p>Paced: each eviction comes at a random moment within the spread, so that the processes of a
 * service do not all connect again at once, and rotations in that time share one. Safe for use by
 * several threads.
 */
final class PoolEvictions {
  private static final Logger LOG = System.getLogger(PoolEvictions.class.getName());
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final List<Runnable> evictions = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;
  private final long spread;
  private final RandomGenerator random;

  PoolEvictions(Duration spread, RandomGenerator random) {
    this.spread = spread.toNanos();
    this.random = random;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread made = new Thread(work, "secrets-jdbc-eviction");
              made.setDaemon(true);
              return made;
            });
    thread.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    thread.allowCoreThreadTimeOut(true);
  }

  SecretListener.Registration add(Runnable eviction) {
    evictions.add(eviction);
    return () -> evictions.remove(eviction);
  }

  /** A login with another version than before succeeded. Does not block. */
  void rotated() {
    if (!evictions.isEmpty() && isDue.compareAndSet(false, true)) {
      long delay = spread == 0 ? 0 : random.nextLong(spread);
      var unused = thread.schedule(this::evict, delay, TimeUnit.NANOSECONDS);
    }
  }

  private void evict() {
    isDue.set(false);
    for (Runnable eviction : evictions) {
      try {
        eviction.run();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "Cannot evict the connections of a pool after a rotation.", e);
      }
    }
  }
}
