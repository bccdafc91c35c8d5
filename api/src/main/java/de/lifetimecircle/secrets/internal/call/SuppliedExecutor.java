package de.lifetimecircle.secrets.internal.call;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a service gave for its calls. A call must not run on the thread that brings it:
 * that may be the timer, which would then end no other call at its deadline, or a caller of {@code
 * getAsync}, who does not want to wait. An executor that runs a task there has rejected it, as far
 * as the provider can tell.
 *
 * <p>Safe for use by several threads.
 *
 * @param given the executor of the service, which ends it
 */
record SuppliedExecutor(Executor given) implements Executor {
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
        // A fork-join pool keeps the interrupt that ended an earlier call at its deadline.
        boolean unused = Thread.interrupted();
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
}
