package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret.Origin;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ages while the time of day is set, the machine sleeps, or the process stands still. */
class SteppedClockTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration TICK = Duration.ofSeconds(1); // the longest there is

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");

  private SecretProvider provider() {
    return builder().build();
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("soft-age", "5m")
        .set("max-stale", "1h")
        .set("jitter", "0")
        .set("retries", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private void rotate(String text) {
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  private int fetches() {
    return store.calls(Op.FETCH, KEY);
  }

  private static Duration oldest(SecretProvider provider) {
    return provider.stats().oldest().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT24H", "-PT1H", "-PT30S", "PT0S", "PT30S", "PT1H", "PT24H"})
  void whoAcceptsNoAgeIsAnsweredByACallMadeSince(Duration step) {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      assertThat(provider.validVersions(KEY)).hasSize(1);
      for (String next : List.of("two", "three")) {
        ticker.step(step);
        rotate(next); // in the same nanosecond as the answer that is held
        assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo(next);
        assertThat(provider.validVersions(KEY, Duration.ZERO).get(0).asString()).isEqualTo(next);
        assertThat(oldest(provider)).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT24H", "-PT1H", "-PT30S"})
  void clockThatIsSetBackMakesNoAnswerYounger(Duration step) {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      ticker.step(step);
      rotate("two");
      ticker.advance(Duration.ofSeconds(20));
      assertThat(provider.get(KEY, Duration.ofSeconds(20)).asString()).isEqualTo("one");
      assertThat(oldest(provider)).isEqualTo(Duration.ofSeconds(20));
      assertThat(provider.get(KEY, Duration.ofSeconds(19)).asString()).isEqualTo("two");
      assertThat(oldest(provider)).isZero();
    }
  }

  @Test
  void machineThatSleptMakesNoAnswerYounger() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      rotate("two");
      ticker.step(Duration.ofMinutes(10));
      assertThat(oldest(provider)).isEqualTo(Duration.ofMinutes(10));
      assertThat(provider.get(KEY, Duration.ofMinutes(9)).asString()).isEqualTo("two");
    }
  }

  @Test
  void ageCountsFromTheBeginningOfTheLoad() {
    store.next(Op.FETCH, KEY, FakeStep.delay(ticker, Duration.ofSeconds(8)));
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      assertThat(oldest(provider)).isEqualTo(Duration.ofSeconds(8));
      provider.get(KEY, Duration.ofSeconds(8));
      assertThat(fetches()).isEqualTo(1);
      ticker.advance(Duration.ofSeconds(1));
      provider.get(KEY, Duration.ofSeconds(8));
      assertThat(fetches()).isEqualTo(2);
    }
  }

  @Test
  void answersOfABatchAreAsOldAsTheBatch() {
    store.holding("OTHER", "other");
    store.next(Op.FETCH_ALL, "", FakeStep.delay(ticker, Duration.ofSeconds(8)));
    try (SecretProvider provider = provider()) {
      provider.prefetch(List.of(KEY, "OTHER"));
      assertThat(oldest(provider)).isEqualTo(Duration.ofSeconds(8));
      int calls = store.calls();
      provider.get("OTHER", Duration.ofSeconds(7));
      assertThat(store.calls()).isGreaterThan(calls);
    }
  }

  // ---- max-stale, by the larger of two ages

  @Test
  void answerThatIsTooOldByTheTimeOfDayIsDroppedAtTheFirstTick() {
    try (SecretProvider provider = provider()) {
      SecretHandle handle = provider.handle(KEY);
      provider.get(KEY);
      provider.validVersions(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.step(Duration.ofHours(2)); // asleep: no timer has noticed
      ticker.advance(TICK);
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
      fails(Kind.UNAVAILABLE, handle::get);
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY));
      assertThat(provider.stats().names()).isZero();
    }
  }

  @Test
  void sleepCountsTowardsMaxStale() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofMinutes(10));
      ticker.step(Duration.ofMinutes(40));
      ticker.advance(Duration.ofMinutes(9));
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.STALE);
      ticker.advance(Duration.ofMinutes(1));
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
    }
  }

  @Test
  void shortSleepsAddUp() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      for (int i = 0; i < 30 * 60; i++) { // half an hour awake, half an hour asleep
        ticker.advance(TICK);
        ticker.step(TICK);
      }
      ticker.advance(TICK.multipliedBy(2));
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
    }
  }

  @Test
  void shortSleepsPutOffNoRefresh() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      rotate("two");
      for (int i = 0; i < 150; i++) { // awake for half of the soft age, and asleep for the other
        ticker.advance(TICK);
        ticker.step(TICK);
      }
      ticker.advance(TICK);
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
    }
  }

  @Test
  void clockThatIsSetForwardAndBackDropsNothing() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.step(Duration.ofMinutes(50));
      ticker.advance(TICK);
      ticker.step(Duration.ofMinutes(-50));
      ticker.advance(Duration.ofMinutes(59));
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      ticker.advance(Duration.ofMinutes(1));
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
    }
  }

  @Test
  void answerIsRefreshedAndMarkedAfterASleepLongerThanItsSoftAge() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      ticker.advance(Duration.ofSeconds(30));
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.step(Duration.ofMinutes(6));
      assertThat(provider.get(KEY).origin()).as("nobody knows yet").isEqualTo(Origin.CACHE);
      ticker.advance(TICK);
      Secret stale = provider.get(KEY);
      assertThat(stale.origin()).isEqualTo(Origin.STALE);
      assertThat(stale.staleReason()).contains("refresh failed: UNAVAILABLE");
      store.recover();
      rotate("two");
      ticker.advance(Duration.ofSeconds(1));
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.CACHE);
    }
  }

  // ---- a process that stood still

  @Test
  void firstTickAfterAStopDropsWhatIsTooOld() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      store.holding("OTHER", "other");
      ticker.advance(Duration.ofMinutes(1));
      provider.get("OTHER");
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.stall(Duration.ofMinutes(59).plusSeconds(30));
      ticker.runReady();
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
      assertThat(provider.get("OTHER").origin()).as("59.5 minutes old").isEqualTo(Origin.STALE);
    }
  }

  @Test
  void nothingTicksWhileNothingIsHeld() {
    try (SecretProvider provider = builder().set("max-stale", "5m").build()) {
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
      store.recover();
      ticker.advance(Duration.ofMinutes(5));
      assertThat(ticker.waiting()).isZero();
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofMinutes(30));
      assertThat(ticker.waiting()).isZero();
    }
  }
}
