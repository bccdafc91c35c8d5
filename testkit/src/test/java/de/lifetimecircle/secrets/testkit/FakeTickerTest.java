package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FakeTickerTest {
  private final List<String> ran = new ArrayList<>();

  @Test
  void tasksRunInOrderOfTimeThenOfSubmission() {
    FakeTicker ticker = FakeTicker.queued();
    in(ticker, () -> ran.add("b"), 2, TimeUnit.SECONDS);
    in(ticker, () -> ran.add("a"), 1, TimeUnit.SECONDS);
    in(ticker, () -> ran.add("c"), 2, TimeUnit.SECONDS);
    assertThat(ticker.advance(Duration.ofMillis(1999))).isEqualTo(1);
    assertThat(ran).containsExactly("a");
    ticker.advance(Duration.ofMillis(1));
    assertThat(ran).containsExactly("a", "b", "c");
  }

  @Test
  void taskSeesItsOwnTime() {
    FakeTicker ticker = FakeTicker.queued();
    List<Instant> seen = new ArrayList<>();
    Instant start = ticker.instant();
    in(ticker, () -> seen.add(ticker.instant()), 3, TimeUnit.SECONDS);
    ticker.advance(Duration.ofSeconds(10));
    assertThat(seen).containsExactly(start.plusSeconds(3));
    assertThat(ticker.instant()).isEqualTo(start.plusSeconds(10));
  }

  @Test
  void taskThatSubmitsIsRunInTheSameAdvance() {
    FakeTicker ticker = FakeTicker.queued();
    in(ticker, () -> in(ticker, () -> ran.add("inner"), 1, TimeUnit.SECONDS), 1, TimeUnit.SECONDS);
    ticker.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("inner");
  }

  @Test
  void taskMayMoveTheTimeOnAndItNeverGoesBack() {
    FakeTicker ticker = FakeTicker.queued();
    Instant start = ticker.instant();
    in(ticker, () -> ticker.advance(Duration.ofSeconds(9)), 1, TimeUnit.SECONDS);
    in(ticker, () -> ran.add("during"), 5, TimeUnit.SECONDS);
    ticker.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("during");
    assertThat(ticker.instant()).isEqualTo(start.plusSeconds(10));
  }

  @Test
  void inlineWorkersRunAtOnceAndQueuedOnesWait() throws Exception {
    FakeTicker inline = FakeTicker.inline();
    assertThat(inline.workers().submit(() -> 7).get()).isEqualTo(7);
    FakeTicker queued = FakeTicker.queued();
    Future<Integer> later = queued.workers().submit(() -> 7);
    assertThat(later.isDone()).isFalse();
    assertThat(queued.runReady()).isEqualTo(1);
    assertThat(later.get()).isEqualTo(7);
  }

  @Test
  void inlineWorkersKeepWhatHasADelay() {
    FakeTicker ticker = FakeTicker.inline();
    ScheduledFuture<?> late = ticker.workers().schedule(() -> ran.add("late"), 1, TimeUnit.SECONDS);
    assertThat(late.isDone()).isFalse();
    assertThat(ran).isEmpty();
    ticker.advance(Duration.ofSeconds(1));
    assertThat(ran).containsExactly("late");
  }

  @Test
  void cancelledTasksAreDropped() {
    FakeTicker ticker = FakeTicker.queued();
    Future<?> submitted = ticker.workers().submit(() -> ran.add("no"));
    ScheduledFuture<?> scheduled = ticker.timer().schedule(() -> ran.add("no"), 1, TimeUnit.DAYS);
    assertThat(ticker.waiting()).isEqualTo(2);
    submitted.cancel(false);
    scheduled.cancel(false);
    assertThat(ticker.waiting()).isZero();
    ticker.advance(Duration.ofDays(2));
    assertThat(ran).isEmpty();
  }

  @Test
  void periodicTaskRepeatsUntilCancelled() {
    FakeTicker ticker = FakeTicker.inline();
    ScheduledFuture<?> beat =
        ticker.timer().scheduleAtFixedRate(() -> ran.add("beat"), 1, 2, TimeUnit.SECONDS);
    ticker.advance(Duration.ofSeconds(6));
    assertThat(ran).hasSize(3);
    beat.cancel(false);
    ticker.advance(Duration.ofSeconds(6));
    assertThat(ran).hasSize(3);
  }

  @Test
  void awaitMovesFromTaskToTaskAndSaysWhenNothingIsLeft() throws Exception {
    FakeTicker ticker = FakeTicker.inline();
    CompletableFuture<String> answer = new CompletableFuture<>();
    in(ticker, () -> answer.complete("yes"), 3, TimeUnit.HOURS);
    assertThat(ticker.await(answer)).isEqualTo("yes");
    assertThatThrownBy(() -> ticker.await(new CompletableFuture<>()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatATaskThrewIsKept() {
    FakeTicker ticker = FakeTicker.inline();
    ticker
        .workers()
        .execute(
            () -> {
              throw new IllegalStateException("lost elsewhere");
            });
    assertThat(ticker.failures()).hasSize(1);
  }

  @Test
  void shutdownDropsAndRefuses() {
    FakeTicker ticker = FakeTicker.queued();
    in(ticker, () -> ran.add("no"), 1, TimeUnit.SECONDS);
    ticker.timer().shutdown();
    ticker.advance(Duration.ofSeconds(1));
    assertThat(ran).isEmpty();
    assertThatThrownBy(() -> ticker.timer().execute(() -> {}))
        .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
  }

  @Test
  void timeDoesNotGoBackwards() {
    assertThatThrownBy(() -> FakeTicker.inline().advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What a task becomes is seen by what it does. */
  private static void in(FakeTicker ticker, Runnable task, long delay, TimeUnit unit) {
    var unused = ticker.timer().schedule(task, delay, unit);
  }
}
