package de.lifetimecircle.secrets.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.NoStore;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors that a service may give, and those that it may not. */
class SuppliedExecutorTest {
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endAll() {
    end.countDown();
  }

  private static ThreadPoolExecutor ofOneThread(RejectedExecutionHandler handler) {
    return new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), handler);
  }

  private SecretProviderBuilder builder(ExecutorService workers) {
    return SecretProvider.builder().store(new NoStore()).environment(Map.of()).executor(workers);
  }

  private void refuses(ExecutorService workers, String sentence) {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> builder(workers).build())
        .matches(e -> e.kind() == Kind.CONFIGURATION)
        .withMessageContaining(sentence);
    workers.shutdownNow();
  }

  @Test
  void anExecutorThatHasEndedIsRefused() {
    ExecutorService ended = Executors.newCachedThreadPool();
    ended.shutdown();
    refuses(ended, "executor: it is shut down (expected: one that runs)");
  }

  @Test
  void aTaskThatComesBackToItsBringerIsRejectedAndNotRun() {
    ThreadPoolExecutor busy = ofOneThread(new ThreadPoolExecutor.CallerRunsPolicy());
    Executor workers = new SuppliedExecutor(Executors.unconfigurableExecutorService(busy));
    workers.execute(new FutureTask<>(() -> end.await(20, TimeUnit.SECONDS)));
    FutureTask<String> task = new FutureTask<>(() -> "on the bringer");
    assertThatThrownBy(() -> workers.execute(task))
        .isInstanceOf(SuppliedExecutor.CallerRunsRejected.class);
    assertThat(task.isDone()).isFalse();
    busy.shutdownNow();
  }

  @Test
  void aThreadOfThePoolMayBringATaskAndTakeItLater() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    Executor workers = new SuppliedExecutor(one);
    FutureTask<String> inner = new FutureTask<>(() -> "taken");
    workers.execute(() -> workers.execute(inner));
    assertThat(inner.get()).isEqualTo("taken");
    one.shutdownNow();
  }

  @Test
  void aTaskOfAForkJoinPoolIsInterruptedAtItsDeadline() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1);
    Executor workers = new SuppliedExecutor(pool);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              begun.countDown();
              try {
                return end.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
            });
    workers.execute(task);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    task.cancel(true);
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    pool.shutdownNow();
  }

  /** A store that was interrupted at the deadline restores the flag of its thread. */
  @Test
  void aCallIsNotInterruptedForTheOneBeforeIt() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1);
    Executor workers = new SuppliedExecutor(pool);
    CountDownLatch queued = new CountDownLatch(1);
    workers.execute(
        () -> {
          try {
            queued.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          Thread.currentThread().interrupt();
        });
    FutureTask<Boolean> next = new FutureTask<>(() -> Thread.currentThread().isInterrupted());
    workers.execute(next);
    queued.countDown();
    assertThat(next.get(10, TimeUnit.SECONDS)).isFalse();
    pool.shutdownNow();
  }

  @Test
  void anExecutorThatRunsEveryTaskOnItsBringerMakesNoCall() {
    ExecutorService direct = new Direct();
    try (SecretProvider provider = builder(direct).build()) {
      assertThatExceptionOfType(SecretException.class)
          .isThrownBy(() -> provider.get("A"))
          .matches(e -> e.kind() == Kind.UNAVAILABLE)
          .withMessageContaining("runs a call on the thread that asks");
    }
  }

  @Test
  void theProviderEndsNothingThatItWasGiven() {
    ExecutorService workers = Executors.newCachedThreadPool();
    builder(workers).build().close();
    assertThat(workers.isShutdown()).isFalse();
    workers.shutdownNow();
  }

  /** Runs every task at once. */
  private static final class Direct extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public java.util.List<Runnable> shutdownNow() {
      return java.util.List.of();
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
      return true;
    }
  }
}
