package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cache in virtual time: soft age 5 min, max-stale 1 h, negative age 5 s, no jitter. */
class PipelineCacheTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final List<SecretEvent> events = new ArrayList<>();

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("max-stale", "1h")
        .set("jitter", "0")
        .set("retries", "0") // the waits between tries would need somebody to move the time
        .listener(events::add)
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private void rotate(String text) {
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  private void pass(String duration) {
    ticker.advance(Duration.parse(duration));
  }

  @Test
  void anAnswerIsFetchedOnceAndServedUntilItsAge() {
    try (SecretProvider provider = builder().build()) {
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.BACKEND);
      Secret cached = provider.get(KEY);
      assertThat(cached.origin()).isEqualTo(Origin.CACHE);
      assertThat(cached.asString()).isEqualTo("one");
      assertThat(provider.get(KEY)).isSameAs(cached);
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
    }
  }

  @Test
  void itIsRefreshedInTheBackgroundAtItsAgeAndARotationIsTold() {
    try (SecretProvider provider = builder().build()) {
      String before = provider.get(KEY).version();
      rotate("two");
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      pass("PT5M");
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.CACHE);
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(2);
      assertThat(events).singleElement().matches(e -> e.type() == SecretEvent.Type.ROTATED);
      assertThat(events.get(0).oldVersion()).contains(before);
      assertThat(events.get(0).newVersion()).contains(provider.get(KEY).version());
      pass("PT5M");
      assertThat(events).hasSize(1);
    }
  }

  @Test
  void jitterRefreshesEarlierAndNeverLater() {
    for (int seed = 0; seed < 50; seed++) {
      FakeTicker time = FakeTicker.inline();
      FakeStore backend = FakeStore.create().holding(KEY, "one");
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(backend)
              .environment(Map.of())
              .set("jitter", "20")
              .random(new SplittableRandom(seed))
              .clock(time)
              .executor(time.workers())
              .build()) {
        provider.get(KEY);
        time.advance(Duration.ofMinutes(4).minusNanos(1));
        assertThat(backend.calls(Op.FETCH, KEY)).isEqualTo(1);
        time.advance(Duration.ofMinutes(1).plusNanos(1));
        assertThat(backend.calls(Op.FETCH, KEY)).isEqualTo(2);
      }
    }
  }

  @Test
  void anOutageServesStaleWithAReasonThenFailsAtMaxStaleAndRecovers() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      pass("PT5M");
      Secret stale = provider.get(KEY);
      assertThat(stale.origin()).isEqualTo(Origin.STALE);
      assertThat(stale.staleReason()).contains("refresh failed: UNAVAILABLE");
      assertThat(stale.asString()).isEqualTo("one");
      pass("PT54M58S");
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.STALE);
      pass("PT1S");
      assertThat(fails(Kind.UNAVAILABLE, () -> provider.get(KEY))).hasMessageContaining(KEY);
      assertThat(events.get(events.size() - 1).type()).isEqualTo(SecretEvent.Type.EXPIRED);

      store.recover();
      pass("PT1M");
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.BACKEND);
    }
  }

  @Test
  void aDeadBackendIsAskedEverLessOften() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      pass("PT5M");
      int first = store.calls();
      for (int i = 0; i < 1000; i++) {
        provider.get(KEY);
        pass("PT0.01S");
      }
      assertThat(store.calls() - first).isLessThanOrEqualTo(4);
      pass("PT40M");
      assertThat(store.calls() - first).isBetween(40, 60);
    }
  }

  @Test
  void aRequestToWaitIsHonoured() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      SecretException throttled =
          SecretException.of(Kind.THROTTLED, "fetch secret")
              .name(KEY)
              .retryAfter(Duration.ofMinutes(3))
              .build();
      store.outage(FakeStep.fail(throttled));
      pass("PT5M");
      int calls = store.calls();
      pass("PT2M59S");
      assertThat(store.calls()).isEqualTo(calls);
      pass("PT1S");
      assertThat(store.calls()).isEqualTo(calls + 1);
    }
  }

  @Test
  void aMissIsRememberedForNegativeAge() {
    try (SecretProvider provider = builder().build()) {
      assertThat(provider.find("absent")).isEmpty();
      assertThat(provider.find("absent")).isEmpty();
      assertThat(store.calls(Op.FETCH, "absent")).isEqualTo(1);
      store.holding("absent", "here");
      pass("PT4.9S");
      assertThat(provider.find("absent")).isEmpty();
      pass("PT0.1S");
      assertThat(provider.get("absent").asString()).isEqualTo("here");
    }
  }

  @Test
  void aRetryableFailureIsTriedAgainWithinTheDeadline() {
    FakeTicker time = FakeTicker.queued();
    store.next(Op.FETCH, KEY, FakeStep.fail(Kind.UNAVAILABLE), FakeStep.fail(Kind.THROTTLED));
    try (SecretProvider provider =
        builder().set("retries", "2").clock(time).executor(time.workers()).build()) {
      CompletableFuture<Secret> answer = provider.getAsync(KEY);
      time.advance(Duration.ofSeconds(1));
      assertThat(answer).isCompletedWithValueMatching(s -> s.asString().equals("one"));
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(3);
    }
  }

  /** A third try would come after the deadline: the reader hears of the wait, not of a timeout. */
  @Test
  void aRequestToWaitBeyondTheDeadlineEndsTheTries() {
    FakeTicker time = FakeTicker.queued();
    SecretException throttled =
        SecretException.of(Kind.THROTTLED, "fetch secret")
            .name(KEY)
            .retryAfter(Duration.ofSeconds(6))
            .build();
    store.always(Op.FETCH, KEY, FakeStep.fail(throttled));
    try (SecretProvider provider =
        builder().set("retries", "2").clock(time).executor(time.workers()).build()) {
      CompletableFuture<Secret> answer = provider.getAsync(KEY);
      time.advance(Duration.ofSeconds(7));
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(2);
      assertThat(answer).isDone();
      SecretException failure = fails(Kind.THROTTLED, () -> provider.get(KEY));
      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(6));
    }
  }

  @Test
  void aRefusalIsNotTriedAgain() {
    store.always(Op.FETCH, KEY, FakeStep.fail(Kind.ACCESS_DENIED));
    try (SecretProvider provider = builder().build()) {
      fails(Kind.ACCESS_DENIED, () -> provider.get(KEY));
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(1);
    }
  }

  @Test
  void aBackendThatNeverAnswersCostsTheDeadline() {
    FakeTicker time = FakeTicker.queued();
    try (SecretProvider provider = builder().clock(time).executor(time.workers()).build()) {
      store.next(Op.FETCH, KEY, FakeStep.delay(time, Duration.ofSeconds(10)));
      CompletableFuture<Secret> answer = provider.getAsync(KEY);
      time.runReady();
      assertThat(answer).isCompletedExceptionally();
      fails(Kind.TIMEOUT, () -> throwCause(answer));
    }
  }

  private static void throwCause(CompletableFuture<Secret> answer) {
    try {
      answer.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw (SecretException) e.getCause();
    }
  }

  @Test
  void whatAStoreThrowsAgainstTheRulesIsToldWithoutItsText() {
    store.always(Op.FETCH, KEY, FakeStep.broken(new IllegalStateException("canary-91c2")));
    try (SecretProvider provider = builder().build()) {
      SecretException e = fails(Kind.INTERNAL, () -> provider.get(KEY));
      for (Throwable t = e; t != null; t = t.getCause()) {
        assertThat(t.toString()).doesNotContain("canary");
      }
      assertThat(e).rootCause().hasMessageContaining("IllegalStateException");
    }
  }

  @Test
  void aBadNewValueNeverDisplacesAGoodOne() {
    try (SecretProvider provider = builder().set("validate." + KEY + ".prefix", "o").build()) {
      provider.get(KEY);
      rotate("two");
      pass("PT5M");
      Secret held = provider.get(KEY);
      assertThat(held.asString()).isEqualTo("one");
      assertThat(held.staleReason()).contains("refresh failed: INVALID_VALUE");
      assertThat(events.get(0).type()).isEqualTo(SecretEvent.Type.VALUE_REJECTED);
      rotate("o2");
      pass("PT1M");
      assertThat(provider.get(KEY).asString()).isEqualTo("o2");
    }
  }

  @Test
  void aWriteIsWhatIsServedNext() {
    try (SecretWriter writer = builder().buildWriter()) {
      SecretProvider provider = writer.provider();
      provider.get(KEY);
      String version = writer.put(KEY, SecretValue.of("two")).version();
      assertThat(provider.get(KEY).version()).isEqualTo(version);
      writer.rollback(KEY);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      writer.delete(KEY);
      fails(Kind.PENDING_DELETION, () -> provider.get(KEY));
      writer.restore(KEY);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
    }
  }

  @Test
  void aLoadBegunBeforeAWriteMayNotPublish() {
    FakeTicker time = FakeTicker.queued();
    try (SecretWriter writer = builder().clock(time).executor(time.workers()).buildWriter()) {
      SecretProvider provider = writer.provider();
      // The load has read the old value when the write comes, and returns after it.
      FakeStep writeMeanwhile =
          FakeStep.run(
              () -> {
                CompletableFuture<?> write =
                    CompletableFuture.runAsync(
                        () -> writer.put(KEY, SecretValue.of("two")),
                        task -> new Thread(task).start());
                while (!write.isDone()) {
                  time.runReady();
                  Thread.onSpinWait();
                }
              });
      store.next(Op.FETCH, KEY, writeMeanwhile, FakeStep.proceed());
      store.next(Op.FETCH, KEY, FakeStep.value("1", "one"));
      CompletableFuture<Secret> early = provider.getAsync(KEY);
      time.runReady();
      assertThat(early).isDone();
      CompletableFuture<Secret> later = provider.getAsync(KEY);
      time.runReady();
      assertThat(later).isCompletedWithValueMatching(s -> s.asString().equals("two"));
    }
  }

  @Test
  void anIdleNameIsLeftAloneAndComesBackAtTheNextRead() {
    FakeTicker time = FakeTicker.queued();
    try (SecretProvider provider =
        builder().set("idle", "10m").clock(time).executor(time.workers()).build()) {
      CompletableFuture<Secret> first = provider.getAsync(KEY);
      time.advance(Duration.ofMinutes(45));
      assertThat(first).isCompleted();
      int calls = store.calls(Op.FETCH, KEY);
      assertThat(calls).isLessThanOrEqualTo(4);
      rotate("two");
      assertThat(provider.get(KEY).staleReason()).contains("not read for long");
      time.runReady();
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      assertThat(store.calls(Op.FETCH, KEY)).isEqualTo(calls + 1);
    }
  }

  @Test
  void aHandleFollowsRotationAndIsNeverIdle() {
    SecretProvider provider = builder().set("idle", "0s").build();
    SecretHandle handle = provider.handle(KEY);
    assertThat(handle.get().asString()).isEqualTo("one");
    for (int i = 2; i < 10; i++) {
      rotate("v" + i);
      pass("PT5M");
      assertThat(handle.get().asString()).isEqualTo("v" + i);
    }
    provider.close();
    fails(Kind.CLOSED, handle::get);
  }

  @Test
  void aListenerIsToldUntilItIsClosedAndMayThrow() {
    try (SecretProvider provider = builder().build()) {
      AtomicInteger told = new AtomicInteger();
      provider.onChange(
          KEY,
          event -> {
            throw new IllegalStateException("canary-listener");
          });
      var registration = provider.onChange(KEY, event -> told.incrementAndGet());
      rotate("two");
      pass("PT5M");
      assertThat(told).hasValue(1);
      registration.close();
      registration.close();
      rotate("three");
      pass("PT5M");
      assertThat(told).hasValue(1);
      assertThat(provider.get(KEY).asString()).isEqualTo("three");
    }
  }

  @Test
  void aPinnedVersionIsNeverTheLatestAndTheLatestIsNeverPinned() {
    try (SecretProvider provider = builder().build()) {
      Secret one = provider.get(KEY);
      VersionSelector pin = VersionSelector.id(one.version());
      assertThat(provider.get(KEY, pin).asString()).isEqualTo("one");
      rotate("two");
      pass("PT5M");
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      assertThat(provider.get(KEY, pin).asString()).isEqualTo("one");
      assertThat(provider.get(KEY, VersionSelector.previous(1)).asString()).isEqualTo("one");
      assertThat(provider.get(KEY, VersionSelector.stage(Stage.PREVIOUS)).asString())
          .isEqualTo("one");
      assertThat(provider.get(KEY, VersionSelector.current()).asString()).isEqualTo("two");
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, VersionSelector.previous(7)));
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, VersionSelector.id("none")));
    }
  }

  @Test
  void validVersionsKnowARotationAsSoonAsGetDoes() {
    try (SecretWriter writer = builder().buildWriter()) {
      SecretProvider provider = writer.provider();
      assertThat(provider.validVersions(KEY)).extracting(Secret::asString).containsExactly("one");
      rotate("two");
      provider.refresh(KEY);
      assertThat(provider.validVersions(KEY))
          .extracting(Secret::asString)
          .containsExactly("two", "one");
      writer.putPending(KEY, SecretValue.of("three"));
      assertThat(provider.validVersions(KEY))
          .extracting(Secret::asString)
          .containsExactly("two", "one", "three");
      int calls = store.calls();
      provider.validVersions(KEY);
      assertThat(store.calls()).isEqualTo(calls);
    }
  }

  @Test
  void manyNamesGiveAResultEach() {
    store.holding("b", "B").always(Op.FETCH, "denied", FakeStep.fail(Kind.ACCESS_DENIED));
    store.always(Op.FETCH_ALL, "denied", FakeStep.fail(Kind.ACCESS_DENIED));
    try (SecretProvider provider = builder().build()) {
      Map<String, SecretResult> results =
          provider.getAll(List.of(KEY, "b", "absent", "denied", "a//b", KEY));
      assertThat(results.keySet()).containsExactly(KEY, "b", "absent", "denied", "a//b");
      assertThat(results.get("b").orElseThrow().asString()).isEqualTo("B");
      assertThat(kind(results, "absent")).contains(Kind.NOT_FOUND);
      assertThat(kind(results, "denied")).contains(Kind.ACCESS_DENIED);
      assertThat(kind(results, "a//b")).contains(Kind.BAD_NAME);
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1);
      int calls = store.calls();
      provider.getAll(Set.of(KEY, "b"));
      assertThat(store.calls()).isEqualTo(calls);
    }
  }

  private static Optional<Kind> kind(Map<String, SecretResult> results, String name) {
    return results.get(name).error().map(SecretException::kind);
  }

  @Test
  void anOverrideAnswersInsteadOfTheBackendAndIsValidated() {
    Map<String, String> environment = Map.of(KEY + "_LOCAL", "local-value", "SHORT_LOCAL", "s");
    try (SecretProvider provider =
        builder()
            .environment(environment)
            .set("validate." + KEY + ".min-length", "5")
            .set("validate.SHORT.min-length", "5")
            .build()) {
      Secret local = provider.get(KEY);
      assertThat(local.origin()).isEqualTo(Origin.OVERRIDE);
      assertThat(local.asString()).isEqualTo("local-value");
      assertThat(provider.validVersions(KEY)).containsExactly(local);
      assertThat(provider.handle(KEY).get().origin()).isEqualTo(Origin.OVERRIDE);
      assertThat(store.calls()).isZero();
      assertThat(fails(Kind.INVALID_VALUE, () -> provider.get("SHORT")))
          .hasMessageContaining("SHORT_LOCAL");
    }
    try (SecretProvider provider =
        builder()
            .environment(environment)
            .set("overrides", "off")
            .store(store.secondClient())
            .build()) {
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
    }
  }

  @Test
  void anEmptyOverrideIsNeitherAValueNorTheBackendsTurn() {
    store.holding("OTHER", "other");
    try (SecretProvider provider = builder().environment(Map.of(KEY + "_LOCAL", "")).build()) {
      List<Runnable> reads =
          List.of(
              () -> provider.get(KEY),
              () -> provider.get(KEY, Duration.ofSeconds(1)),
              () -> provider.validVersions(KEY),
              () -> provider.refresh(KEY),
              () -> provider.handle(KEY).get());
      for (Runnable read : reads) {
        assertThat(fails(Kind.INVALID_VALUE, read)).hasMessageContaining(KEY + "_LOCAL");
      }
      assertThat(store.calls()).isZero();
      Map<String, SecretResult> many = provider.getAll(List.of(KEY, "OTHER"));
      assertThat(kind(many, KEY)).contains(Kind.INVALID_VALUE);
      assertThat(many.get("OTHER").orElseThrow().asString()).isEqualTo("other");
    }
  }

  @Test
  void aPrefixIsTheBackendsBusinessOnly() {
    store.holding("prod/DB", "pw").holding("test/DB", "no");
    try (SecretProvider provider = builder().set("prefix", "prod/").build()) {
      assertThat(provider.get("DB").asString()).isEqualTo("pw");
      assertThat(provider.list("")).containsExactly("DB");
      assertThat(provider.get("DB").name()).isEqualTo("DB");
    }
  }

  @Test
  void whatABackendCannotDoIsSaid() {
    FakeStore bare = FakeStore.with(Capability.WRITE);
    try (SecretWriter writer = builder().store(bare).buildWriter()) {
      fails(Kind.UNSUPPORTED, () -> writer.delete(KEY));
      fails(Kind.UNSUPPORTED, () -> writer.provider().list(""));
      writer.put(KEY, SecretValue.of("only"));
      assertThat(writer.provider().validVersions(KEY))
          .extracting(Secret::asString)
          .containsExactly("only");
    }
  }

  @Test
  void afterCloseEveryCallFailsClearlyAndValuesAreOverwritten() {
    SecretWriter writer = builder().buildWriter();
    SecretProvider provider = writer.provider();
    Secret kept = provider.get(KEY);
    provider.close();
    writer.close();
    assertThat(store.closed()).isTrue();
    fails(Kind.CLOSED, kept::asString);
    fails(Kind.CLOSED, () -> provider.get(KEY));
    fails(Kind.CLOSED, () -> provider.refresh(KEY));
    fails(Kind.CLOSED, () -> provider.versions(KEY));
    fails(Kind.CLOSED, () -> provider.validVersions(KEY));
    fails(Kind.CLOSED, () -> provider.list(""));
    fails(Kind.CLOSED, provider::check);
    fails(Kind.CLOSED, () -> provider.handle(KEY));
    fails(Kind.CLOSED, () -> provider.onChange(KEY, e -> {}));
    fails(Kind.CLOSED, () -> writer.put(KEY, SecretValue.of("x")));
    assertThat(provider.getAll(List.of(KEY)).get(KEY).error().map(SecretException::kind))
        .contains(Kind.CLOSED);
    assertThat(ticker.failures()).isEmpty();
  }
}
