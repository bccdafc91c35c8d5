package de.lifetimecircle.secrets;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one pipeline, all daemons: one for alarms, some for calls of the backend, one for
 * listeners. Each ends when it had nothing to do for a while, but the timer.
 *
 * @param timer runs short tasks only, never a call or a listener
 * @param workers runs the calls of the backend that somebody waits for
 * @param refreshers runs the calls that keep held answers fresh
 * @param events runs the listeners
 * @param owned those that end with the pipeline
 */
record Threads(
    ScheduledExecutorService timer,
    ExecutorService workers,
    ExecutorService refreshers,
    ExecutorService events,
    List<ExecutorService> owned) {

  /** More calls at once than this wait for one another; a hung one is freed at its deadline. */
  private static final int WORKERS = 16;

  /** At 20 ms a call these refresh 60,000 names in the 5 minutes of the default soft age. */
  private static final int REFRESHERS = 4;

  static Threads of(@Nullable ScheduledExecutorService timer, @Nullable ExecutorService workers) {
    if (timer != null && workers != null) {
      return new Threads(timer, workers, workers, workers, List.of());
    }
    ScheduledExecutorService alarms = newTimer();
    ExecutorService calls = newPool("call", WORKERS);
    ExecutorService refreshes = newPool("refresh", REFRESHERS);
    ExecutorService events = newPool("event", 1);
    return new Threads(alarms, calls, refreshes, events, List.of(alarms, calls, refreshes, events));
  }

  private static ScheduledExecutorService newTimer() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("timer"));
    timer.setRemoveOnCancelPolicy(true); // else a cancelled deadline holds its call for its length
    return timer;
  }

  private static ExecutorService newPool(String role, int size) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(role));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String role) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = Executors.defaultThreadFactory().newThread(task);
      thread.setName("secrets-" + role + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  void close() {
    for (ExecutorService executor : owned) {
      if (executor == events) {
        executor.shutdown(); // what was published before the close is still delivered
      } else {
        executor.shutdownNow();
      }
    }
  }
}
