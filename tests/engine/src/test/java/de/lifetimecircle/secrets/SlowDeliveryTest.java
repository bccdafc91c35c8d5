package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Metrics of a service that take long when a load has ended. */
class SlowDeliveryTest {
  /** The alarm of deadlines found a call past its time that was being delivered, and went round. */
  @Test
  void theTimerDoesNotSpinMeanwhile() throws Exception {
    FakeTicker ticker = FakeTicker.inline();
    ExecutorService workers = Executors.newCachedThreadPool();
    CountDownLatch delivering = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SecretMetrics slow =
        new SecretMetrics() {
          @Override
          public void loaded(
              String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
            delivering.countDown();
            await(goOn);
          }
        };
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .store(FakeStore.create().holding("KEY", "value"))
            .clock(ticker)
            .executor(workers)
            .metrics(slow)
            .build()) {
      FutureTask<Secret> read = new FutureTask<>(() -> provider.get("KEY"));
      workers.execute(read);
      await(delivering);
      FutureTask<Boolean> passing =
          new FutureTask<>(
              () -> {
                ticker.advance(Duration.ofMinutes(1));
                return true;
              });
      workers.execute(passing);
      assertThat(passing.get(30, TimeUnit.SECONDS)).isTrue();
      goOn.countDown();
      assertThat(read.get(30, TimeUnit.SECONDS).asString()).isEqualTo("value");
    } finally {
      goOn.countDown();
      workers.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
