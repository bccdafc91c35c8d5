package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors of a service's own, in real time: crowded, ended, or such as bring tasks back. */
class GivenExecutorTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeStore store = FakeStore.create().holding(KEY, "one").holding("OTHER", "other");
  private final ExecutorService caller = Executors.newSingleThreadExecutor();
  private final ThreadPoolExecutor pool =
      pool(new ArrayBlockingQueue<>(2), new ThreadPoolExecutor.AbortPolicy());

  private static ThreadPoolExecutor pool(
      BlockingQueue<Runnable> queue, RejectedExecutionHandler handler) {
    return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, queue, handler);
  }

  @AfterEach
  void end() {
    pool.shutdownNow();
    caller.shutdownNow();
  }

  private SecretProviderBuilder builder(ExecutorService workers) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("jitter", "0")
        .executor(workers);
  }

  /** Callbacks and listeners need no thread of the pool: it has none for them. */
  @Test
  void aCrowdedPoolHoldsUpNeitherAnswersNorEvents() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    SecretProviderBuilder builder =
        builder(pool).listener(event -> told.add(event.newVersion().orElse("none")));
    try (SecretProvider provider = builder.build()) {
      store.next(Op.FETCH, KEY, FakeStep.hang());
      CompletableFuture<String> cold = provider.getAsync(KEY).thenApply(Secret::asString);
      CountDownLatch free = crowd();
      store.release();
      assertThat(cold.get(10, TimeUnit.SECONDS)).isEqualTo("one");
      free.countDown();
      ConditionWait.until("its thread is free", () -> pool.getActiveCount() == 0);

      store.holding(KEY, "two").next(Op.FETCH, KEY, FakeStep.hang());
      CompletableFuture<Secret> refreshed =
          CompletableFuture.supplyAsync(() -> provider.refresh(KEY), caller);
      free = crowd();
      store.release();
      String version = refreshed.get(10, TimeUnit.SECONDS).version();
      ConditionWait.until("the rotation is reported", () -> !told.isEmpty());
      assertThat(told).containsExactly(version);
      assertThat(pool.getActiveCount()).as("the thread is busy all the time").isEqualTo(1);
      free.countDown();
    }
  }

  /** Fills the queue while a call hangs; returns a latch that frees the thread. */
  private CountDownLatch crowd() {
    ConditionWait.until("the call hangs", () -> store.hanging() == 1);
    CountDownLatch free = new CountDownLatch(1);
    pool.execute(
        () -> {
          try {
            free.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return free;
  }

  @Test
  void aPoolThatBringsCallsBackHoldsNeitherReaderNorDeadline() throws Exception {
    // Wrapped, so that nobody can see its policy.
    ThreadPoolExecutor bringsBack =
        pool(new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy());
    ExecutorService workers = Executors.unconfigurableExecutorService(bringsBack);
    store.always(Op.FETCH, KEY, FakeStep.hang());
    try (SecretProvider provider = builder(workers).set("timeout", "5s").build()) {
      CompletableFuture<Secret> hung = provider.getAsync(KEY);
      ConditionWait.until("the store holds the only thread", () -> store.hanging() == 1);
      long begun = System.nanoTime();
      fails(Kind.UNAVAILABLE, () -> provider.get("OTHER"));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(hung)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .withMessageContaining("no answer within "); // of the first load, see ColdStart
      ConditionWait.until("the call was given up", () -> store.hanging() == 0);
    } finally {
      bringsBack.shutdownNow();
    }
  }
}
