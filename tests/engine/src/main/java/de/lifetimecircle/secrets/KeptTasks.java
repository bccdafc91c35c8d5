package de.lifetimecircle.secrets;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Workers that keep each task until a race takes it, so that the race decides when a load lands.
 */
final class KeptTasks extends EndlessExecutor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** The oldest task that nobody took, or nothing. */
  @Nullable Runnable take() {
    return tasks.poll();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }
}
