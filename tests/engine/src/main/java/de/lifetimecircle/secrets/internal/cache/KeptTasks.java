package de.lifetimecircle.secrets.internal.cache;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Workers that keep each task until a race takes it, so that the race decides when a load lands.
 */
public final class KeptTasks extends EndlessExecutor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final UnaryOperator<Runnable> kept;

  /** Creates workers without a task. */
  public KeptTasks() {
    this(task -> task);
  }

  /**
   * The same.
   *
   * @param kept what is kept of a task when it is handed over
   */
  public KeptTasks(UnaryOperator<Runnable> kept) {
    this.kept = kept;
  }

  /** The oldest task that was not taken, or nothing. */
  public @Nullable Runnable take() {
    return tasks.poll();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(kept.apply(task));
  }
}
