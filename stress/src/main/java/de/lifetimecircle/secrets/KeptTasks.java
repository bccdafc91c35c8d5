package de.lifetimecircle.secrets;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Workers that keep each task until a race takes it, so that the race decides when a load lands.
 */
final class KeptTasks extends AbstractExecutorService {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** The oldest task that nobody took, or nothing. */
  @Nullable Runnable take() {
    return tasks.poll();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
