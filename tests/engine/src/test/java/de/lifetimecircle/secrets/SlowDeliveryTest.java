package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Code of a service, or another reader, that comes between a load and the end of its delivery. */
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

  /**
   * The load of another name delivers all events. Here it comes while a new version is recorded and
   * not served yet: that waits for the monitor of its value, which this test holds.
   */
  @Test
  void aListenerReadsTheVersionThatItIsToldOf() throws Exception {
    FakeStore store = FakeStore.create().holding("KEY", "one").holding("OTHER", "other");
    ExecutorService threads = Executors.newCachedThreadPool();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    BlockingQueue<String> read = new LinkedBlockingQueue<>();
    SecretValidator holdsTheSecond =
        value -> {
          if (value.asString().equals("two")) {
            threads.execute(
                () -> {
                  synchronized (value) {
                    held.countDown();
                    await(goOn);
                  }
                });
            await(held);
          }
          return Optional.empty();
        };
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .store(store)
            .validator("KEY", holdsTheSecond)
            .build()) {
      assertThat(provider.get("KEY").asString()).isEqualTo("one");
      provider.onChange("KEY", event -> read.add(provider.get("KEY").asString()));
      store.holding("KEY", "two");
      FutureTask<Secret> refresh = new FutureTask<>(() -> provider.refresh("KEY"));
      threads.execute(refresh);
      await(held);
      assertThat(provider.get("OTHER").asString()).isEqualTo("other");
      assertThat(read.poll(500, TimeUnit.MILLISECONDS)).as("told too early").isNull();
      goOn.countDown();
      assertThat(refresh.get(30, TimeUnit.SECONDS).asString()).isEqualTo("two");
      assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo("two");
    } finally {
      goOn.countDown();
      threads.shutdownNow();
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
