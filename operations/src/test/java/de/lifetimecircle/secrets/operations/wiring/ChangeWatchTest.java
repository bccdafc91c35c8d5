package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a group of changes is due, and when a reaction that failed is tried again. */
class ChangeWatchTest {
  private static final List<String> NAMES = List.of("A", "B", "C", "D", "E");
  private static final ReactionDelay TIMING =
      new ReactionDelay(Duration.ofSeconds(2), Duration.ofSeconds(10));

  private final AtomicLong clock = new AtomicLong();
  private final FakeTicker ticker = FakeTicker.inline();
  private final Semaphore changes = new Semaphore(0);
  private final FakeStore store = FakeStore.create();
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store.secondClient())
          .environment(Map.of())
          .set("retries", "0")
          .clock(ticker)
          .executor(ticker.workers())
          .build();
  private final ChangeWatch watch = watch();

  private ChangeWatch watch() {
    NAMES.forEach(name -> store.holding(name, "one"));
    NAMES.forEach(provider::get); // the first event has an old version then
    return new ChangeWatch(provider, NAMES, TIMING, changes::release, clock::get);
  }

  @AfterEach
  void close() {
    watch.close();
    provider.close();
  }

  private void rotate(String name) throws InterruptedException {
    try (SecretValue value = SecretValue.of("value " + clock.get())) {
      store.secondClient().put(PutRequest.always(name, value));
    }
    provider.refresh(name);
    assertThat(changes.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
    ticker.advance(time);
  }

  private Duration remaining() {
    return Duration.ofNanos(watch.remaining());
  }

  @Test
  void withoutAChangeNothingIsDueAndNothingIsAsked() {
    pass(Duration.ofDays(2));
    int before = store.calls();
    assertThat(watch.takeDue()).isFalse();
    assertThat(remaining()).isEqualTo(Duration.ofDays(1));
    assertThat(store.calls()).isEqualTo(before);
  }

  @Test
  void fiveNamesRotatedOneAfterTheOtherAreOneReaction() throws InterruptedException {
    for (String name : NAMES) {
      pass(Duration.ofMillis(1900));
      assertThat(watch.takeDue()).as("before %s has changed", name).isFalse();
      rotate(name);
    }
    pass(Duration.ofMillis(1900));
    assertThat(watch.takeDue()).as("not quiet for long enough").isFalse();
    pass(Duration.ofMillis(100));
    int before = store.calls();
    assertThat(watch.takeDue()).isTrue();
    assertThat(store.calls() - before).as("each name is asked for once").isEqualTo(NAMES.size());
    assertThat(watch.takeDue()).as("a second reaction").isFalse();
    assertThat(remaining()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void changesThatDoNotEndPutItOffForTheLongestTimeOnly() throws InterruptedException {
    for (int second = 0; second < 9; second++) {
      rotate("A");
      assertThat(remaining()).isEqualTo(Duration.ofSeconds(Math.min(2, 10 - second)));
      pass(Duration.ofSeconds(1));
    }
    rotate("A");
    assertThat(remaining()).isEqualTo(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(watch.takeDue()).isTrue();
  }

  @Test
  void aReactionThatFailedIsTriedAgainLaterEachTime() throws InterruptedException {
    rotate("A");
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    pass(Duration.ofSeconds(2));
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThatThrownBy(watch::takeDue).isInstanceOf(SecretException.class);
      watch.failed();
      assertThat(remaining()).isEqualTo(Duration.ofSeconds(seconds));
      pass(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(watch.takeDue()).as("too early").isFalse();
      pass(Duration.ofNanos(1));
    }
    store.recover();
    pass(Duration.ofMinutes(10)); // the provider has a pause of its own after failures
    assertThat(watch.takeDue()).isTrue();
    watch.succeeded();
    watch.failed();
    assertThat(remaining()).as("a new series").isEqualTo(Duration.ofSeconds(1));
  }
}
