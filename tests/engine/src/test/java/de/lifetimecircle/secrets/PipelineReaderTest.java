package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.internal.cache.EndlessExecutor;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader and the load that it waits for: deadlines, interrupts, close. */
class PipelineReaderTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeStore store = FakeStore.create().holding(KEY, "one");
  private final AtomicReference<@Nullable Thread> maker = new AtomicReference<>();
  private final AtomicBoolean left = new AtomicBoolean();
  private @Nullable SecretProvider opened;

  private SecretProvider provider(String timeout) {
    SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("timeout", timeout)
            .set("retries", "1")
            .build();
    opened = provider;
    return provider;
  }

  @AfterEach
  void close() {
    store.release();
    if (opened != null) {
      opened.close();
    }
  }

  @Test
  void aVersionThatIsNotThereIsNamedInWords() {
    SecretProvider provider = provider("10s");
    assertThat(none(provider, VersionSelector.stage(Stage.PREVIOUS)))
        .hasMessageContaining("it has no PREVIOUS version");
    assertThat(none(provider, VersionSelector.previous(2)))
        .hasMessageContaining("it has no version 2 before the current one");
    assertThat(none(provider, VersionSelector.id("v9"))).hasMessageNotContaining("ById");
  }

  private static SecretException none(SecretProvider provider, VersionSelector selector) {
    return Failing.fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, selector));
  }

  /** A reader on a thread of its own. */
  private static final class Reader {
    private volatile String end = "none";
    private final Thread thread;

    Reader(SecretProvider provider) {
      thread = new Thread(() -> read(provider), "reader");
      thread.start();
    }

    private void read(SecretProvider provider) {
      try {
        end = provider.get(KEY).asString();
      } catch (SecretException e) {
        end = e.kind() + ", flag " + Thread.currentThread().isInterrupted();
      }
    }

    String end() throws InterruptedException {
      thread.join();
      return end;
    }
  }

  /** Who makes the load that was left, and answers once the first reader is gone. */
  private FakeStep noteMakerOnceLeft() {
    return FakeStep.run(
        () -> {
          maker.set(Thread.currentThread());
          ConditionWait.until("the first reader has left", left::get);
        });
  }

  private FakeStep noteMaker() {
    return FakeStep.run(() -> maker.set(Thread.currentThread()));
  }

  private void untilHanging(int calls) {
    ConditionWait.until("the store holds them", () -> store.hanging() == calls);
  }

  @Test
  void aWorkerMakesTheLoad() {
    store.next(Op.FETCH, KEY, noteMaker());
    assertThat(provider("10s").get(KEY).asString()).isEqualTo("one");
    assertThat(maker.get()).isNotNull().isNotSameAs(Thread.currentThread());
  }

  @Test
  void threadsThatWereGivenMakeEveryLoad() {
    ExecutorService workers = Executors.newFixedThreadPool(2);
    store.next(Op.FETCH, KEY, noteMaker());
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).executor(workers).build()) {
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      assertThat(maker.get()).isNotNull().isNotSameAs(Thread.currentThread());
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void hungStoreCostsTheDeadlineAndLeavesNoInterrupt() {
    store.always(Op.FETCH, KEY, FakeStep.hang());
    fails(Kind.TIMEOUT, () -> provider("200ms").get(KEY));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    untilHanging(0); // the thread in the store is interrupted
    assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
  }

  @Test
  void whoJoinsIsFreedAtTheDeadlineToo() throws Exception {
    store.always(Op.FETCH, KEY, FakeStep.hang());
    SecretProvider provider = provider("1s");
    Reader first = new Reader(provider);
    untilHanging(1);
    Reader second = new Reader(provider);
    assertThat(first.end()).isEqualTo("TIMEOUT, flag false");
    assertThat(second.end()).isEqualTo("TIMEOUT, flag false");
    assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
  }

  @Test
  void interruptedReaderLeavesTheLoadToTheOthers() throws Exception {
    store.next(Op.FETCH, KEY, noteMakerOnceLeft());
    SecretProvider provider = provider("30s");
    Reader first = new Reader(provider);
    ConditionWait.until("it is under way", () -> store.calls(Op.FETCH, KEY) == 1);
    Reader second = new Reader(provider);
    first.thread.interrupt();
    assertThat(first.end()).isEqualTo("INTERRUPTED, flag true");
    left.set(true);
    assertThat(second.end()).isEqualTo("one");
    assertThat(maker.get()).isNotIn(first.thread, second.thread);
    assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
  }

  @Test
  void readerWhoIsInterruptedBeforeLeavesTheLoadToAWorker() {
    store.next(Op.FETCH, KEY, noteMakerOnceLeft());
    SecretProvider provider = provider("10s");
    Thread.currentThread().interrupt();
    fails(Kind.INTERRUPTED, () -> provider.get(KEY));
    assertThat(Thread.interrupted()).isTrue();
    left.set(true);
    assertThat(provider.get(KEY).asString()).isEqualTo("one");
    assertThat(maker.get()).isNotNull().isNotSameAs(Thread.currentThread());
    assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
  }

  @Test
  void everyCallHasADeadlineOfItsOwn() {
    FakeTicker ticker = FakeTicker.inline();
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("timeout", "10s")
            .clock(ticker)
            .executor(new NeverRuns())
            .build()) {
      provider.prefetch(List.of("FIRST"));
      ticker.advance(Duration.ofSeconds(3));
      provider.prefetch(List.of("SECOND"));
      ticker.advance(Duration.ofSeconds(7).minusNanos(1));
      assertThat(timeouts(provider)).isEqualTo(0);
      ticker.advance(Duration.ofNanos(1));
      assertThat(timeouts(provider)).isEqualTo(1);
      ticker.advance(Duration.ofSeconds(3).minusNanos(1));
      assertThat(timeouts(provider)).isEqualTo(1);
      ticker.advance(Duration.ofNanos(1));
      assertThat(timeouts(provider)).isEqualTo(2);
      ticker.advance(Duration.ofMinutes(5)); // nothing under way, and no alarm set
      provider.prefetch(List.of("THIRD"));
      ticker.advance(Duration.ofSeconds(10).minusNanos(1));
      assertThat(timeouts(provider)).isEqualTo(2);
      ticker.advance(Duration.ofNanos(1));
      assertThat(timeouts(provider)).isEqualTo(3);
    }
  }

  private static long timeouts(SecretProvider provider) {
    return provider.stats().failures().getOrDefault(Kind.TIMEOUT, 0L);
  }

  @Test
  void whatIsAddedToAnAnswerMayBlockWhenTheDeadlineEndsIt() throws Exception {
    store.holding("FIRST", "x").holding("OTHER", "other").next(Op.FETCH, KEY, FakeStep.hang());
    SecretProvider provider = provider("2s");
    provider.get("FIRST"); // until then a call may take six times as long
    CompletableFuture<String> added =
        provider.getAsync(KEY).handle((secret, failure) -> provider.get("OTHER").asString());
    assertThat(added.get()).isEqualTo("other");
  }

  @Test
  void whatIsAddedToAFailureHoldsNoTimer() throws Exception {
    store.holding("OTHER", "other").next(Op.FETCH, KEY, FakeStep.hang());
    store.next(Op.FETCH, "OTHER", FakeStep.hang());
    SecretProvider provider = provider("200ms");
    CompletableFuture<String> added =
        provider
            .getAsync(KEY)
            .handle(
                (secret, failure) -> {
                  fails(Kind.TIMEOUT, () -> provider.get("OTHER"));
                  return Thread.currentThread().getName();
                });
    assertThat(added.get()).startsWith("secrets-callback-");
  }

  /** Takes every task and makes none. */
  private static final class NeverRuns extends EndlessExecutor {
    @Override
    public void execute(Runnable task) {
      // As a pool whose threads all hang.
    }
  }

  @Test
  void closeEndsTheCallOfTheReader() throws Exception {
    store.always(Op.FETCH, KEY, FakeStep.hang());
    SecretProvider provider = provider("30s");
    Reader reader = new Reader(provider);
    untilHanging(1);
    provider.close();
    assertThat(reader.end()).isEqualTo("CLOSED, flag false");
  }

  @Test
  void whatOthersAddToAnAnswerDoesNotHoldTheReader() throws Exception {
    store.next(Op.FETCH, KEY, FakeStep.hang());
    SecretProvider provider = provider("30s");
    Reader reader = new Reader(provider);
    untilHanging(1);
    CompletableFuture<@Nullable Thread> added =
        provider.getAsync(KEY).thenApply(secret -> Thread.currentThread());
    CompletableFuture<Secret> joined = provider.getAsync(KEY);
    store.release();
    assertThat(reader.end()).isEqualTo("one");
    assertThat(added.get()).isNotSameAs(reader.thread);
    assertThat(joined.get().asString()).isEqualTo("one");
    assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
  }
}
