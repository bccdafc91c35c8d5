package de.lifetimecircle.secrets.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threads of callbacks: enough for those that wait for each other, and no more. */
class GrowingThreadsTest {
  private final EngineThreads threads =
      EngineThreads.own(GrowingThreadsTest.class.getClassLoader());
  private final ExecutorService pool = threads.callbacks;

  @AfterEach
  void end() {
    threads.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 64, 65, 300})
  void tasksThatWaitForEachOtherAllRun(int tasks) throws Exception {
    CyclicBarrier together = new CyclicBarrier(tasks);
    CountDownLatch done = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      Future<?> unused =
          pool.submit(
              () -> {
                int arrived = together.await();
                done.countDown();
                return arrived;
              });
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBurstOfShortTasksStartsFewThreads() throws Exception {
    CountDownLatch done = new CountDownLatch(3_000);
    for (int i = 0; i < 3_000; i++) {
      pool.execute(done::countDown);
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(((ThreadPoolExecutor) pool).getLargestPoolSize()).isLessThan(500);
  }
}
