package de.lifetimecircle.secrets.internal.call;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
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
 * The threads of one pipeline, all daemons: one for alarms, one for the {@link Sweep}, some for
 * calls of the backend, some for listeners and for callbacks, and more while these take long. Each
 * ends when it had nothing to do for a while, but the first two.
 *
 * <p>A thread keeps nothing of the caller who happened to begin it: neither the context class
 * loader nor inheritable thread locals nor the access control context, which would hold an
 * application's classes for as long as the thread lives.
 */
public final class EngineThreads implements Sweep.Step {
  /** Runs short tasks only, never a call or a listener. */
  public final ScheduledExecutorService timer;

  /** Runs the calls of the backend that a caller waits for. */
  final Executor workers;

  /** Runs the calls of readers who ask for many names at once. */
  final Executor bulk;

  /** Runs the calls that keep held answers fresh. */
  final Executor refreshers;

  /** Runs the listeners, of which each may take as long as it likes. */
  public final ExecutorService listeners;

  /**
   * Completes asynchronous answers, and with it runs the callbacks that callers have added. No task
   * waits for another one, however long that takes, because it may be what the other waits for.
   */
  public final ExecutorService callbacks;

  /** Those that end with the pipeline. */
  private final List<ExecutorService> owned;

  private final @Nullable ClassLoader loader;

  /** More calls at once than this wait for one another; a hung one is freed at its deadline. */
  private static final int WORKERS = 16;

  /**
   * With the refreshers fewer than the 16 connections that a store opens by default, so that
   * readers of one name find one.
   */
  private static final int BULK_WORKERS = 8;

  /** At 20 ms a call these refresh 60,000 names in the 5 minutes of the default soft age. */
  private static final int REFRESHERS = 4;

  public EngineThreads(
      ScheduledExecutorService timer,
      Executor workers,
      Executor bulk,
      Executor refreshers,
      ExecutorService listeners,
      ExecutorService callbacks,
      List<ExecutorService> owned,
      @Nullable ClassLoader loader) {
    this.loader = loader;
    this.timer = timer;
    this.workers = workers;
    this.bulk = bulk;
    this.refreshers = refreshers;
    this.listeners = listeners;
    this.callbacks = callbacks;
    this.owned = owned;
  }

  /**
   * Threads of the pipeline's own.
   *
   * @param loader the class loader that code on these threads finds as the context's
   */
  public static EngineThreads own(ClassLoader loader) {
    Pool workers = new Pool(WORKERS, new Named("call", loader));
    Pool bulk = new Pool(BULK_WORKERS, new Named("bulk", loader));
    Pool refreshers = new Pool(REFRESHERS, new Named("refresh", loader));
    return withCalls(workers, bulk, refreshers, List.of(workers, bulk, refreshers), loader);
  }

  /** Calls on threads that a service gave; alarms and events on threads of the pipeline's own. */
  public static EngineThreads withWorkers(ExecutorService given, ClassLoader loader) {
    Executor workers = new SuppliedExecutor(given);
    return withCalls(workers, workers, workers, List.of(), loader);
  }

  private static EngineThreads withCalls(
      Executor workers,
      Executor bulk,
      Executor refreshers,
      List<Pool> ofCalls,
      ClassLoader loader) {
    ScheduledExecutorService alarms = new Timer(new Named("timer", loader));
    ExecutorService listeners = GrowingThreads.forListeners(alarms, new Named("event", loader));
    ExecutorService callbacks = GrowingThreads.withoutBound(alarms, new Named("callback", loader));
    List<ExecutorService> owned = new ArrayList<>(List.of(alarms, listeners, callbacks));
    owned.addAll(1, ofCalls); // before the listeners: a sweep starts missing threads in this order
    return new EngineThreads(
        alarms, workers, bulk, refreshers, listeners, callbacks, owned, loader);
  }

  /** Runs everything on the given executors, for a caller that also supplies the time. */
  public static EngineThreads inGivenTime(ScheduledExecutorService timer, ExecutorService workers) {
    return new EngineThreads(timer, workers, workers, workers, workers, workers, List.of(), null);
  }

  /**
   * One thread for alarms, begun with the first of them. Where the system starts no more threads,
   * an alarm is refused before it is queued, so that no code counts on one that does not ring; once
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
  static class Pool extends ThreadPoolExecutor {
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
        // The last thread may have ended in between; then no thread would come for the task.
        if (!waits || (getPoolSize() == 0 && remove(task))) {
          throw noThread(e);
        }
      }
    }
  }

  static RejectedExecutionException noThread(OutOfMemoryError cause) {
    return new RejectedExecutionException("the system starts no more threads", cause);
  }

  /** Whether the pipeline made the timer; else a test gives the time with its own. */
  boolean haveOwnTime() {
    return owned.contains(timer);
  }

  /** Returns the thread of the sweep, not started yet. */
  Thread sweeper(Runnable life) {
    return daemon("sweep", loader, life);
  }

  /** Whether a task waits for a thread of the pipeline's own. */
  @Override
  public boolean isNeeded() {
    for (ExecutorService each : owned) {
      if (each != timer && each instanceof ThreadPoolExecutor pool && !pool.getQueue().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Starts a thread where tasks wait and an error has ended the threads that were there. */
  @Override
  public void sweep() {
    for (ExecutorService each : owned) {
      if (each instanceof ThreadPoolExecutor pool
          && !pool.getQueue().isEmpty()
          && !pool.isShutdown()) {
        boolean unused = pool.prestartCoreThread();
      }
      if (each instanceof GrowingThreads growing) {
        growing.sweep();
      }
    }
  }

  /** Returns a thread that is not started yet, as those of the pipeline are. */
  public static Thread daemon(String role, @Nullable ClassLoader loader, Runnable task) {
    return new Named(role, loader).newThread(task);
  }

  /** Creates daemon threads whose names say their purpose. */
  private static final class Named implements ThreadFactory {
    private final String role;
    private final @Nullable ClassLoader loader;
    private final AtomicInteger count = new AtomicInteger();

    Named(String role, @Nullable ClassLoader loader) {
      this.role = role;
      this.loader = loader;
    }

    /** Privileged, since a thread keeps the protection domains of whoever is on the stack. */
    @Override
    @SuppressWarnings("removal") // needed up to Java 23, harmless afterwards
    public Thread newThread(Runnable task) {
      PrivilegedAction<Thread> withoutCallers = () -> unattached(task);
      return AccessController.doPrivileged(withoutCallers);
    }

    private Thread unattached(Runnable task) {
      String name = "secrets-" + role + "-" + count.incrementAndGet();
      Thread thread = new Thread(null, task, name, 0, false); // no inheritable thread locals
      thread.setContextClassLoader(loader);
      thread.setDaemon(true);
      return thread;
    }
  }

  /** Whether the pipeline made those that make calls. */
  boolean areOurs() {
    return workers instanceof Pool;
  }

  public void close() {
    for (ExecutorService executor : owned) {
      if (executor == timer) {
        executor.shutdownNow();
      } else { // the calls have ended; events published before the close are still delivered
        executor.shutdown();
      }
    }
  }
}
