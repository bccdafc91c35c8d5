package de.lifetimecircle.secrets;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one pipeline, all daemons: one for alarms, some for calls of the backend, one for
 * listeners. Each ends when it had nothing to do for a while, but the timer.
 */
final class EngineThreads {
  /** Runs short tasks only, never a call or a listener. */
  final ScheduledExecutorService timer;

  /** Runs the calls of the backend that somebody waits for. */
  final ExecutorService workers;

  /** Runs the calls that keep held answers fresh. */
  final ExecutorService refreshers;

  /** Runs the listeners, and what callers add to an answer that they do not wait for. */
  final ExecutorService events;

  /** Those that end with the pipeline. */
  private final List<ExecutorService> owned;

  /** More calls at once than this wait for one another; a hung one is freed at its deadline. */
  private static final int WORKERS = 16;

  /** At 20 ms a call these refresh 60,000 names in the 5 minutes of the default soft age. */
  private static final int REFRESHERS = 4;

  EngineThreads(
      ScheduledExecutorService timer,
      ExecutorService workers,
      ExecutorService refreshers,
      ExecutorService events,
      List<ExecutorService> owned) {
    this.timer = timer;
    this.workers = workers;
    this.refreshers = refreshers;
    this.events = events;
    this.owned = owned;
  }

  /** One delivers; the others are for what callers of {@code getAsync} add, which may block. */
  private static final int EVENTS = 4;

  static EngineThreads of(
      @Nullable ScheduledExecutorService timer, @Nullable ExecutorService workers) {
    if (timer != null && workers != null) {
      return new EngineThreads(timer, workers, workers, workers, List.of());
    }
    ScheduledExecutorService alarms = newTimer();
    ExecutorService calls = newPool("call", WORKERS);
    ExecutorService refreshes = newPool("refresh", REFRESHERS);
    ExecutorService events = newPool("event", EVENTS);
    return new EngineThreads(
        alarms, calls, refreshes, events, List.of(alarms, calls, refreshes, events));
  }

  private static ScheduledExecutorService newTimer() {
    return new Timer(new Named("timer"));
  }

  private static ExecutorService newPool(String role, int size) {
    return new Pool(size, new Named(role));
  }

  /**
   * One thread for alarms, begun with the first of them. Where the system starts no more threads,
   * an alarm is refused before it is queued, so that nobody counts on one that does not ring; once
   * it has begun, the thread stays.
   */
  static final class Timer extends ScheduledThreadPoolExecutor {
    Timer(ThreadFactory threads) {
      super(1, threads);
      setRemoveOnCancelPolicy(true); // else a cancelled deadline holds its call for its length
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      requireThread();
      return super.schedule(task, delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      requireThread();
      return super.schedule(task, delay, unit);
    }

    private void requireThread() {
      if (getPoolSize() == 0 && !isShutdown()) {
        try {
          var unused = prestartCoreThread();
        } catch (OutOfMemoryError e) {
          throw noThread(e);
        }
      }
    }
  }

  /**
   * Threads that end when they are idle. Where the system starts no more of them, a task waits for
   * one that is there, and is refused if there is none: the JDK's pool throws an error at whoever
   * brought the task.
   */
  static final class Pool extends ThreadPoolExecutor {
    Pool(int size, ThreadFactory threads) {
      super(size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
      allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
      try {
        super.execute(task);
      } catch (OutOfMemoryError e) { // "unable to create native thread"
        boolean waits = getPoolSize() > 0 && getQueue().offer(task);
        // The last thread may have ended in between; then nobody would come for the task.
        if (!waits || (getPoolSize() == 0 && remove(task))) {
          throw noThread(e);
        }
      }
    }
  }

  private static RejectedExecutionException noThread(OutOfMemoryError cause) {
    return new RejectedExecutionException("the system starts no more threads", cause);
  }

  /** Makes daemons that say what they are for. */
  private static final class Named implements ThreadFactory {
    private final String role;
    private final AtomicInteger count = new AtomicInteger();

    Named(String role) {
      this.role = role;
    }

    @Override
    public Thread newThread(Runnable task) {
      Thread thread = new Thread(task, "secrets-" + role + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    }
  }

  /** By the name that JEP 444 gives the group of all virtual threads; Java 17 has no other way. */
  static boolean isVirtual(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null && group.getName().equals("VirtualThreads");
  }

  /** Whether the pipeline made them; what was given is meant to run every load. */
  boolean areOurs() {
    return !owned.isEmpty();
  }

  void close() {
    for (ExecutorService executor : owned) {
      if (executor == timer) {
        executor.shutdownNow();
      } else { // the calls are ended; what was published before the close is still delivered
        executor.shutdown();
      }
    }
  }
}
