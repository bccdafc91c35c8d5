package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import de.lifetimecircle.secrets.Secret.Origin;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a caller may rely on as to how new an answer is, in virtual time. */
class PipelineFreshnessTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final List<SecretEvent> events = new ArrayList<>();

  private SecretProviderBuilder builder(FakeTicker time) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("max-stale", "1h")
        .set("jitter", "0")
        .set("retries", "0")
        .listener(events::add)
        .clock(time)
        .random(new SplittableRandom(1))
        .executor(time.workers());
  }

  private void rotate(String text) {
    ticker.advance(Duration.ofMillis(10)); // so that the new version is a later one
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  private int fetches() {
    return store.calls(Op.FETCH, KEY);
  }

  // ---- max age for one call

  @Test
  void anAnswerThatIsYoungEnoughCostsNoCall() {
    try (SecretProvider provider = builder(ticker).build()) {
      provider.get(KEY);
      ticker.advance(Duration.ofSeconds(30));
      assertThat(provider.get(KEY, Duration.ofSeconds(30)).origin()).isEqualTo(Origin.CACHE);
      assertThat(fetches()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsTooOldIsFetchedAndServedToAllFromThenOn() {
    try (SecretProvider provider = builder(ticker).build()) {
      provider.get(KEY);
      rotate("two");
      ticker.advance(Duration.ofSeconds(30));
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      Secret newer = provider.get(KEY, Duration.ofSeconds(20));
      assertThat(newer.asString()).isEqualTo("two");
      assertThat(newer.origin()).isEqualTo(Origin.BACKEND);
      assertThat(newer.fetchedAt()).isEqualTo(ticker.instant());
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      assertThat(fetches()).isEqualTo(2);
    }
  }

  @Test
  void aReaderWhoWantsNewerThanTheBackendGivesIsToldWhy() {
    try (SecretProvider provider = builder(ticker).build()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofSeconds(30));
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY, Duration.ZERO));
      int calls = fetches();
      for (int i = 0; i < 100; i++) {
        fails(Kind.UNAVAILABLE, () -> provider.get(KEY, Duration.ZERO));
      }
      assertThat(fetches()).as("no storm").isEqualTo(calls);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      store.recover();
      ticker.advance(Duration.ofSeconds(2));
      assertThat(provider.get(KEY, Duration.ofSeconds(2)).asString()).isEqualTo("one");
    }
  }

  @Test
  void aHerdThatWantsTheNewestCostsTwoCallsAtMost() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    ExecutorService readers =
        Executors.newFixedThreadPool(
            32,
            task -> {
              Thread thread = new Thread(task, "reader");
              threads.add(thread);
              return thread;
            });
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).build()) {
      provider.get(KEY);
      store.next(Op.FETCH, KEY, FakeStep.hang());
      List<CompletableFuture<Secret>> answers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> provider.get(KEY, Duration.ZERO), readers));
      }
      ConditionWait.until("one is held", () -> store.hanging() == 1);
      ConditionWait.until(
          "all of them wait",
          () -> threads.stream().allMatch(each -> each.getState() == Thread.State.WAITING));
      rotate("two");
      store.release();
      for (CompletableFuture<Secret> answer : answers) {
        answer.get(20, TimeUnit.SECONDS);
      }
      assertThat(fetches()).as("the first, one held, one after it").isLessThanOrEqualTo(3);
      assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo("two");
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void aNegativeMaxAgeIsRefused() {
    try (SecretProvider provider = builder(ticker).build()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> provider.get(KEY, Duration.ofSeconds(-1)))
          .withMessageContaining("PT-1S")
          .withMessageContaining("expected");
    }
  }

  // ---- a dead backend

  @Test
  void aColdNameOfADeadBackendCostsFourCallsInTenSeconds() {
    FakeTicker time = FakeTicker.queued();
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (SecretProvider provider = builder(time).set("retries", "2").build()) {
      readForTenSeconds(provider, time);
      assertThat(fetches()).isEqualTo(4);
      readForTenSeconds(provider, time);
      assertThat(fetches()).isEqualTo(6);
    }
  }

  @Test
  void theEndOfAnAnswerIsNoReasonToAskADeadBackendSooner() {
    FakeTicker time = FakeTicker.queued();
    try (SecretProvider provider =
        builder(time).set("retries", "2").set("soft-age", "1s").set("max-stale", "4s").build()) {
      CompletableFuture<Secret> first = provider.getAsync(KEY);
      time.runReady();
      assertThat(first).isCompleted();
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      time.advance(Duration.ofMillis(999));
      assertThat(fetches()).isEqualTo(1);
      readForTenSeconds(provider, time);
      assertThat(fetches() - 1).isEqualTo(4);
    }
  }

  private static void readForTenSeconds(SecretProvider provider, FakeTicker time) {
    for (int i = 0; i < 1000; i++) {
      CompletableFuture<Secret> unused = provider.getAsync(KEY);
      time.advance(Duration.ofMillis(10));
    }
  }

  // ---- versions never go back

  @Test
  void anOlderAnswerOfALaggingReplicaIsNotServed() {
    try (SecretProvider provider = builder(ticker).build()) {
      String old = provider.get(KEY).version();
      rotate("two");
      ticker.advance(Duration.ofMinutes(5));
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      store.next(Op.FETCH, KEY, FakeStep.value(old, "one"));
      ticker.advance(Duration.ofMinutes(5));
      Secret held = provider.get(KEY);
      assertThat(held.asString()).isEqualTo("two");
      assertThat(held.staleReason()).contains("refresh failed: UNAVAILABLE");
      ticker.advance(Duration.ofSeconds(1));
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.CACHE);
      assertThat(events)
          .extracting(SecretEvent::type)
          .containsExactly(SecretEvent.Type.ROTATED, SecretEvent.Type.REFRESH_FAILED);
    }
  }

  @Test
  void anOlderAnswerIsToldByItsTimeWhereNoVersionsAreKept() {
    FakeStore bare = FakeStore.with(Capability.WRITE).clock(ticker);
    bare.put(PutRequest.always(KEY, SecretValue.of("one")));
    List<String> served = new ArrayList<>();
    try (SecretProvider provider = builder(ticker).store(new Replicas(bare)).build()) {
      for (int i = 0; i < 40; i++) {
        served.add(provider.get(KEY).asString());
        if (i == 10) {
          ticker.advance(Duration.ofSeconds(1));
          bare.put(PutRequest.always(KEY, SecretValue.of("two")));
        }
        ticker.advance(Duration.ofMinutes(3));
      }
    }
    assertThat(served).contains("one", "two").isSorted();
  }

  @Test
  void aRollbackThatTheListOfVersionsConfirmsIsFollowed() {
    try (SecretWriter elsewhere = builder(ticker).store(store.secondClient()).buildWriter();
        SecretProvider provider = builder(ticker).build()) {
      SecretHandle handle = provider.handle(KEY);
      rotate("two");
      ticker.advance(Duration.ofMinutes(5));
      assertThat(handle.get().asString()).isEqualTo("two");
      elsewhere.rollback(KEY);
      ticker.advance(Duration.ofMinutes(5));
      assertThat(handle.get().asString()).isEqualTo("one");
      assertThat(handle.get().origin()).isEqualTo(Origin.CACHE);
    }
  }

  @Test
  void aPersonWhoRefreshesTakesWhatTheBackendSays() {
    try (SecretProvider provider = builder(ticker).build()) {
      String old = provider.get(KEY).version();
      rotate("two");
      provider.refresh(KEY);
      store.next(Op.FETCH, KEY, FakeStep.value(old, "one"));
      assertThat(provider.refresh(KEY).asString()).isEqualTo("one");
    }
  }

  @Test
  void validVersionsDoNotGoBackEither() {
    try (SecretProvider provider = builder(ticker).build()) {
      provider.get(KEY);
      rotate("two");
      provider.refresh(KEY);
      assertThat(provider.validVersions(KEY).get(0).asString()).isEqualTo("two");
      assertThat(provider.get(KEY, VersionSelector.previous(1)).asString()).isEqualTo("one");
    }
  }

  @Test
  void aHandlePastMaxStaleFailsWithTheReasonAndComesBackByItself() {
    try (SecretProvider provider = builder(ticker).build()) {
      SecretHandle handle = provider.handle(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofMinutes(61));
      fails(Kind.UNAVAILABLE, handle::get);
      store.recover();
      ticker.advance(Duration.ofSeconds(6));
      assertThat(handle.get().origin()).as("refreshed though nobody asked").isEqualTo(Origin.CACHE);
    }
  }

  @Test
  void eventsOfOneNameFormAChainWhateverThreadsDo() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    BlockingQueue<SecretEvent> told = new LinkedBlockingQueue<>();
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).build()) {
      String first = provider.get(KEY).version();
      provider.onChange(KEY, told::add);
      List<Callable<Secret>> refreshes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String text = "v" + i;
        refreshes.add(
            () -> {
              store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
              return provider.refresh(KEY);
            });
      }
      for (var done : threads.invokeAll(refreshes)) {
        assertThat(done.get()).isNotNull();
      }
      String last = provider.refresh(KEY).version();
      String known = first;
      while (!known.equals(last)) {
        SecretEvent event = told.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("the next link after " + known).isNotNull();
        assertThat(event.oldVersion()).contains(known);
        known = event.newVersion().orElseThrow();
      }
      assertThat(told).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }

  // ---- many names at the start

  @Test
  void prefetchAsksOnceForAllAndWaitsForNone() {
    FakeTicker time = FakeTicker.queued();
    store.holding("b", "B").holding("c", "C");
    try (SecretProvider provider = builder(time).build()) {
      provider.prefetch(List.of(KEY, "b", "c"));
      assertThat(store.calls()).isZero();
      time.runReady();
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1);
      int calls = store.calls();
      assertThat(provider.get("b").origin()).isEqualTo(Origin.CACHE);
      assertThat(store.calls()).isEqualTo(calls);
    }
  }

  @Test
  void requireTellsEverythingThatIsWrongAtOnce() {
    store.always(Op.FETCH, "denied", FakeStep.fail(Kind.ACCESS_DENIED));
    store.always(Op.FETCH_ALL, "denied", FakeStep.fail(Kind.ACCESS_DENIED));
    try (SecretProvider provider = builder(ticker).build()) {
      provider.require(KEY);
      SecretException e =
          fails(Kind.CONFIGURATION, () -> provider.require(KEY, "absent", "denied", "a//b"));
      assertThat(e.problems()).hasSize(3);
      assertThat(e).hasMessageContaining("absent").hasMessageContaining("denied");
      assertThat(e).hasMessageNotContaining(KEY);
      fails(Kind.NOT_FOUND, () -> provider.require("absent", "gone"));
    }
  }

  @Test
  void requireCountsAnOverrideAsThere() {
    try (SecretProvider provider =
        builder(ticker).environment(Map.of("absent_LOCAL", "x", "ABSENT_LOCAL", "y")).build()) {
      provider.require("absent");
      assertThat(provider.get("absent").scheme()).isEqualTo("override");
      assertThat(provider.get(KEY).scheme()).isEqualTo("store");
    }
  }
}
