package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two that write to a store for the first time, of which one gets next to no processor time. Its
 * clock stands for that: it is asked where a key is made, and before each encryption and signature.
 */
class GpgColdStartTest {
  @TempDir private Path home;

  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private TestStore store() {
    TestStore on = new TestStore(home);
    on.timeout = Duration.ofMillis(500);
    return on;
  }

  /** A store whose clock stops at that question. */
  private TestStore slow(int question) {
    TestStore on = store();
    InstantSource system = InstantSource.system();
    on.clock =
        () -> {
          if (asked.incrementAndGet() == question) {
            stopped.countDown();
            await(goOn);
          }
          return system.instant();
        };
    return on;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes with the slow store until it stops, then with another one, and lets the first go on. */
  private void bothPut(TestStore slow, String version) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (GpgStore first = slow.open();
        GpgStore second = store().open()) {
      Future<String> put = thread.submit(() -> put(first, "slow", "one"));
      await(stopped);
      put(second, "quick", "two");
      assertThat(put.isDone()).isFalse();
      goOn.countDown();
      assertThat(put.get(20, TimeUnit.SECONDS)).isEqualTo(version);
      for (GpgStore each : new GpgStore[] {first, second}) {
        assertThat(get(each, "slow")).isEqualTo("one");
        assertThat(get(each, "quick")).isEqualTo("two");
        assertThat(each.list("")).containsExactly("quick", "slow");
      }
    } finally {
      goOn.countDown();
      thread.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aProcessThatMakesTheStoreHoldsUpNoOther(int question) throws Exception {
    bothPut(slow(question), "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theFirstChangeOfAProcessHoldsUpNoOther(int question) throws Exception {
    try (GpgStore store = store().open()) {
      put(store, "slow", "old");
    }
    bothPut(slow(question), "2");
  }
}
