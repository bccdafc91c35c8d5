package de.lifetimecircle.secrets.internal.call;

import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Goes over everything that waits for a time or for a thread, at each tick, and does what is due.
 * Nothing else decides the ages of held answers. Deadlines of calls and pools do their work earlier
 * and more precisely, but each of them can be lost to an error: a task that finds no memory when it
 * sets the next one ends, and so does the thread of a JDK pool that finds none to wait with. So
 * nothing that the provider promises depends on them; it depends on this class, which is late by a
 * tick at most.
 *
 * <p>So this class is simple. It has a thread of its own that exists before it is needed, waits
 * without allocating, and starts again after every error, each step on its own. Only {@link #close}
 * ends it. In a time that a test gives, it is a periodic task of the test's timer.
 *
 * <p>A tick is a sixtieth of the soft age, at least 20 ms and at most a second. It ticks only while
 * a step needs it; else its thread waits until {@link #start} wakes it. A caller of {@code start}
 * makes its need visible in a step first, and the thread clears {@code isAwake} before it asks the
 * steps, so one of the two sees the other. Takes no lock.
 */
public final class Sweep implements Runnable {
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  /** The time after which work that failed is done again. */
  public static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

  /** How long after a failed pass the next one follows at the latest. */
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(200);

  /** A part of the work. Safe for use by several threads. */
  public interface Step {
    /** Whether there is anything that a later tick may have to do; allocates nothing. */
    boolean isNeeded();

    /** Does what is due. Work that fails is done again at the next tick. */
    void sweep();
  }

  /** The nanoseconds between two ticks. */
  public final long tick;

  private final EngineThreads threads;
  private final ScheduledExecutorService timer;
  private final EngineMetrics metrics;
  private final AtomicBoolean isAwake = new AtomicBoolean();
  private volatile Step[] steps = new Step[0];
  private volatile @Nullable Thread thread;

  /** The task that ticks in given time. */
  private volatile @Nullable ScheduledFuture<?> given;

  private volatile boolean closed;

  /** Whether anything has failed since the last pass began. */
  private volatile boolean hasFailed;

  /** The class of the last error that was not reported yet. */
  private volatile @Nullable Class<?> unreported;

  Sweep(CachePolicy policy, EngineThreads threads, EngineMetrics metrics) {
    this.tick = Math.max(SHORTEST, Math.min(LONGEST, policy.softAge().toNanos() / 60));
    this.threads = threads;
    this.timer = threads.timer;
    this.metrics = metrics;
  }

  /** Adds a step, before the first tick. */
  public synchronized void add(Step step) {
    Step[] more = Arrays.copyOf(steps, steps.length + 1);
    more[steps.length] = step;
    steps = more;
  }

  /**
   * Ensures that a tick follows.
   *
   * @throws RejectedExecutionException if there will be none, as the system starts no more threads
   */
  void start() {
    if (isAwake.get() || !isAwake.compareAndSet(false, true)) {
      return;
    }
    try {
      wake();
    } catch (OutOfMemoryError e) {
      isAwake.set(false);
      throw EngineThreads.noThread(e);
    } catch (RuntimeException | Error e) {
      isAwake.set(false);
      throw e;
    }
  }

  /** Ensures that a tick follows; returns false if there will be none. */
  public boolean ticks() {
    try {
      start();
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void wake() {
    if (!threads.haveOwnTime()) {
      given = timer.scheduleWithFixedDelay(this, tick, tick, TimeUnit.NANOSECONDS);
      return;
    }
    Thread sweeper = thread;
    if (sweeper == null) {
      sweeper = threads.sweeper(this::live);
      sweeper.start();
      thread = sweeper;
    }
    LockSupport.unpark(sweeper);
  }

  /** A tick in given time. */
  @Override
  public void run() {
    boolean unused = pass();
    ScheduledFuture<?> ticks = given;
    if (ticks != null && !isNeeded()) {
      ticks.cancel(false);
      isAwake.set(false);
      if (isNeeded()) {
        start();
      }
    }
  }

  /** The life of the thread. Nothing here allocates but the steps, whose errors end no loop. */
  private void live() {
    long wait = tick;
    while (!closed || isNeeded()) { // what is under way at the end is still delivered
      try {
        LockSupport.parkNanos(wait);
        boolean unused = Thread.interrupted(); // else it would wait no more
        wait = pass() ? tick : Math.min(tick, SOON);
        rest();
      } catch (Throwable e) { // an error as if from nowhere: the next turn is the answer to it
        wait = SOON;
      }
    }
  }

  /** Waits until a tick is needed. */
  private void rest() {
    while (!closed && !isNeeded()) {
      isAwake.set(false);
      if (!closed && !isNeeded()) {
        LockSupport.park();
        boolean unused = Thread.interrupted();
      }
      isAwake.set(true);
    }
  }

  private boolean isNeeded() {
    for (Step step : steps) {
      if (step.isNeeded()) {
        return true;
      }
    }
    return false;
  }

  /** Takes all steps; returns whether all of them worked, to their last part. */
  private boolean pass() {
    hasFailed = false;
    for (Step step : steps) {
      try {
        step.sweep();
      } catch (Throwable e) { // it is taken again; the other steps must not wait for that
        failed(e);
      }
    }
    boolean worked = !hasFailed;
    if (worked) {
      report();
    }
    return worked;
  }

  /**
   * Notes an error. It is reported once all steps work again: the first logger of a process loads
   * classes, and one that finds no memory for them fails from then on.
   */
  public void failed(Throwable failure) {
    unreported = failure.getClass();
    hasFailed = true;
  }

  private void report() {
    Class<?> failure = unreported;
    if (failure != null) {
      unreported = null;
      metrics.defect(failure);
    }
  }

  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
