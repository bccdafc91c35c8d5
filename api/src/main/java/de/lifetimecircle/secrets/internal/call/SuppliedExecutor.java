package de.lifetimecircle.secrets.internal.call;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a service gave for its calls. A call must not run on the thread that brings it:
 * that may be the timer, which would then end no other call at its deadline, or a caller of {@code
 * getAsync}, who does not want to wait. An executor that runs a task there has rejected it, as far
 * as the provider can tell.
 *
 * <p>Every task is a {@link java.util.concurrent.FutureTask}, whatever the executor would make of
 * it, since a fork-join task cannot be interrupted at its deadline. Safe for use by several
 * threads.
 */
final class SuppliedExecutor extends AbstractExecutorService {
  private final ExecutorService given;

  SuppliedExecutor(ExecutorService given) {
    this.given = given;
  }

  /** The executor brought a task back to the thread that gave it. */
  static final class CallerRunsRejected extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    CallerRunsRejected() {
      super("the executor runs a task on the thread that brings it");
    }
  }

  private static final class Handover implements Runnable {
    private final Runnable task;

    /** The thread that submits it, until a worker accepts it; read by that thread only. */
    private volatile @Nullable Thread bringer = Thread.currentThread();

    private boolean broughtBack;

    Handover(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (Thread.currentThread().equals(bringer)) {
        broughtBack = true;
      } else {
        task.run();
      }
    }

    /** From now on the bringer may take it itself: as a thread of the pool that is free again. */
    boolean isBroughtBack() {
      bringer = null;
      return broughtBack;
    }
  }

  @Override
  public void execute(Runnable task) {
    Handover handover = new Handover(task);
    given.execute(handover);
    if (handover.isBroughtBack()) {
      throw new CallerRunsRejected();
    }
  }

  @Override
  public boolean isShutdown() {
    return given.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return given.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return given.awaitTermination(timeout, unit);
  }

  /** Has no effect: the service ends what it gave. */
  @Override
  public void shutdown() {}

  /** Has no effect, as {@link #shutdown}. */
  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }
}
