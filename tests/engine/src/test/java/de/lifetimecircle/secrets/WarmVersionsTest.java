package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import de.lifetimecircle.secrets.Secret.Origin;
import de.lifetimecircle.secrets.SecretException.Kind;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider that has answered already sees of versions that somebody else makes. */
class WarmVersionsTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration SOFT_AGE = Duration.ofMinutes(5);
  private static final VersionSelector PENDING = VersionSelector.stage(Stage.PENDING);
  private static final VersionSelector PREVIOUS = VersionSelector.stage(Stage.PREVIOUS);
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "1");
  private final FakeStore elsewhere = store.secondClient();

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("soft-age", "5m")
        .set("retries", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private String pending(String text) {
    ticker.advance(Duration.ofMillis(10));
    return elsewhere.put(PutRequest.pending(KEY, SecretValue.of(text))).version();
  }

  private static List<String> valid(SecretProvider provider) {
    return provider.validVersions(KEY).stream().map(Secret::asString).toList();
  }

  @Test
  void refreshShowsAPendingVersion() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      pending("2");
      provider.refresh(KEY);
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  @Test
  void readerWhoWantsTheNewestShowsAPendingVersionToVerifiers() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      pending("2");
      provider.get(KEY, Duration.ZERO);
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  @Test
  void pendingVersionAppearsWithinTheSoftAgeByItself() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      pending("2");
      ticker.advance(SOFT_AGE);
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  @Test
  void pendingVersionIsNeverTheCurrentOne() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      String second = pending("2");
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("2");
      elsewhere.promote(KEY, second);
      pending("3");
      assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo("2");
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("3");
      assertThat(provider.get(KEY, PREVIOUS).asString()).isEqualTo("1");
    }
  }

  @Test
  void pendingVersionThatWasPromotedIsPendingNoMore() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      String second = pending("2");
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("2");
      elsewhere.promote(KEY, second);
      assertThat(provider.refresh(KEY).asString()).isEqualTo("2");
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PENDING));
      assertThat(provider.get(KEY, PREVIOUS).asString()).isEqualTo("1");
      assertThat(provider.get(KEY, VersionSelector.previous(1)).asString()).isEqualTo("1");
    }
  }

  @Test
  void readerWhoWantsTheNewestListLearnsTheCurrentVersionForAll() {
    List<String> rotated = new ArrayList<>();
    try (SecretProvider provider = builder().build()) {
      SecretHandle handle = provider.handle(KEY);
      provider.onChange(KEY, event -> rotated.add(event.newVersion().orElse("none")));
      assertThat(valid(provider)).containsExactly("1");
      String second = pending("2");
      assertThat(newest(provider)).containsExactly("1", "2");
      elsewhere.promote(KEY, second);
      pending("3");
      assertThat(newest(provider)).containsExactly("2", "1", "3");
      assertThat(provider.get(KEY).asString()).isEqualTo("2");
      assertThat(handle.get().asString()).isEqualTo("2");
      assertThat(rotated).containsExactly(second);
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("3");
    }
  }

  private static List<String> newest(SecretProvider provider) {
    return provider.validVersions(KEY, Duration.ZERO).stream().map(Secret::asString).toList();
  }

  @Test
  void listThatIsYoungEnoughCostsNoCall() {
    try (SecretProvider provider = builder().build()) {
      assertThat(valid(provider)).containsExactly("1");
      int calls = store.calls();
      ticker.advance(Duration.ofSeconds(30));
      provider.validVersions(KEY, Duration.ofSeconds(30));
      assertThat(store.calls()).isEqualTo(calls);
      provider.validVersions(KEY, Duration.ofSeconds(29));
      assertThat(store.calls()).as("one list, no value").isEqualTo(calls + 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> provider.validVersions(KEY, Duration.ofSeconds(-1)))
          .withMessageContaining("PT-1S");
    }
  }

  // ---- what it costs

  private int[] callsOf(Runnable work) {
    int[] before = calls();
    work.run();
    int[] after = calls();
    return new int[] {after[0] - before[0], after[1] - before[1], after[2] - before[2]};
  }

  /** Fetches, lists, values by version. */
  private int[] calls() {
    return new int[] {
      store.calls(Op.FETCH), store.calls(Op.VERSIONS), store.calls(Op.FETCH_VERSION)
    };
  }

  private void readFor(SecretProvider provider, Duration time) {
    for (Duration t = Duration.ZERO; t.compareTo(time) < 0; t = t.plusSeconds(20)) {
      ticker.advance(Duration.ofSeconds(20));
      provider.get(KEY);
    }
  }

  @Test
  void refreshCostsOneListMoreOnlyWhereVersionsWereAskedFor() {
    try (SecretProvider provider = builder().set("jitter", "0").build()) {
      provider.get(KEY);
      assertThat(callsOf(() -> readFor(provider, Duration.ofMinutes(60))))
          .containsExactly(12, 0, 0);
      pending("2");
      assertThat(valid(provider)).containsExactly("1", "2");
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("2");
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PREVIOUS));
      assertThat(callsOf(() -> readFor(provider, Duration.ofMinutes(60))))
          .containsExactly(12, 12, 0);
      assertThat(callsOf(() -> provider.refresh(KEY))).containsExactly(1, 1, 0);
      assertThat(callsOf(() -> provider.get(KEY, Duration.ZERO))).containsExactly(1, 1, 0);
      assertThat(callsOf(() -> provider.get(KEY, Duration.ofSeconds(1)))).containsExactly(0, 0, 0);
      elsewhere.put(PutRequest.always(KEY, SecretValue.of("4")));
      assertThat(callsOf(() -> provider.refresh(KEY))).containsExactly(1, 1, 0);
      pending("5");
      assertThat(callsOf(() -> provider.refresh(KEY))).containsExactly(1, 1, 1);
      assertThat(valid(provider)).containsExactly("4", "1", "5");
    }
  }

  @Test
  void outageCostsNoCallMoreForAFollowedName() {
    FakeTicker time = FakeTicker.queued();
    try (SecretProvider provider =
        builder()
            .clock(time)
            .executor(time.workers())
            .set("jitter", "0")
            .set("retries", "2")
            .build()) {
      CompletableFuture<Secret> first = provider.getAsync(KEY);
      time.runReady();
      assertThat(first).isCompleted();
      follow(provider, time);
      time.advance(Duration.ofSeconds(299));
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      int before = store.calls();
      for (int i = 0; i < 1000; i++) {
        time.advance(Duration.ofMillis(10));
        assertThat(provider.getAsync(KEY)).isCompleted();
        assertThat(valid(provider)).containsExactly("1");
      }
      assertThat(store.calls() - before).isLessThanOrEqualTo(4);
      assertThat(provider.validVersions(KEY).get(0).staleReason())
          .contains("refresh failed: UNAVAILABLE");
      store.recover();
      time.advance(Duration.ofSeconds(20));
      assertThat(provider.validVersions(KEY).get(0).origin()).isEqualTo(Secret.Origin.CACHE);
    }
  }

  /** Asks for the valid versions where a worker runs only when time moves. */
  private static void follow(SecretProvider provider, FakeTicker time) {
    read(() -> valid(provider), time);
  }

  private static void read(Runnable read, FakeTicker time) {
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(read, task -> new Thread(task, "reader").start());
    ConditionWait.until(
        "they are there",
        () -> {
          time.runReady();
          return reader.isDone();
        });
    reader.join();
  }

  @Test
  void listThatFailsDoesNotFailTheCurrentVersion() {
    try (SecretProvider provider = builder().set("jitter", "0").build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      store.always(Op.VERSIONS, KEY, FakeStep.fail(Kind.THROTTLED));
      pending("2");
      assertThat(provider.refresh(KEY).asString()).isEqualTo("1");
      assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo("1");
      fails(Kind.THROTTLED, () -> provider.validVersions(KEY, Duration.ZERO));
      assertThat(valid(provider)).as("an outage serves what is held").containsExactly("1");
      store.recover();
      ticker.advance(Duration.ofSeconds(10)); // it tries again by itself, without the current one
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  // ---- kept fresh together

  @Test
  void listIsKeptFreshWhileTheNameIsRead() {
    try (SecretProvider provider = builder().set("idle", "30m").build()) {
      assertThat(valid(provider)).containsExactly("1");
      readFor(provider, Duration.ofHours(3));
      pending("2");
      readFor(provider, Duration.ofMinutes(5));
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  @Test
  void listIsKeptFreshWhereNobodyReadsTheCurrentVersion() {
    try (SecretProvider provider = builder().set("idle", "30m").build()) {
      provider.get(KEY);
      for (int i = 2; i < 60; i++) {
        assertThat(valid(provider)).hasSizeBetween(1, 3);
        pending("" + i);
        ticker.advance(SOFT_AGE);
        assertThat(valid(provider)).contains("" + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void listIsKeptFreshWhenTheCurrentVersionGoesIdle(int seed) {
    try (SecretProvider provider =
        builder().set("idle", "12m").random(new SplittableRandom(seed)).build()) {
      provider.get(KEY);
      for (int i = 2; i < 8; i++) { // it goes idle in the fourth round
        assertThat(valid(provider)).hasSizeBetween(1, 3);
        pending("" + i);
        ticker.advance(SOFT_AGE);
        assertThat(valid(provider)).contains("" + i);
      }
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @Test
  void staleListNamesTheFailureOfItsName() {
    try (SecretProvider provider = builder().set("jitter", "0").build()) {
      provider.get(KEY);
      ticker.advance(Duration.ofMinutes(1));
      assertThat(valid(provider)).containsExactly("1");
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(SOFT_AGE); // the value fails 0, 1, 3, 7, 15 and 31 seconds after its own
      Secret stale = provider.validVersions(KEY).get(0);
      assertThat(stale.origin()).isEqualTo(Origin.STALE);
      assertThat(stale.staleReason()).contains("refresh failed: UNAVAILABLE");
    }
  }

  @Test
  void listThatNobodyReadForLongComesBackWithTheName() {
    try (SecretProvider provider = builder().set("idle", "30m").build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      ticker.advance(Duration.ofHours(3));
      pending("2");
      provider.refresh(KEY);
      assertThat(valid(provider)).containsExactly("1", "2");
      ticker.advance(Duration.ofHours(3));
      pending("3");
      provider.get(KEY); // which refreshes it in the background
      assertThat(valid(provider)).containsExactly("1", "3");
    }
  }

  @Test
  void missIsAskedForAgainAfterNegativeAge() {
    try (SecretProvider provider = builder().set("negative-age", "5s").build()) {
      provider.get(KEY);
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PENDING));
      pending("2");
      int calls = store.calls();
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PENDING));
      assertThat(store.calls()).isEqualTo(calls);
      ticker.advance(Duration.ofSeconds(5));
      assertThat(provider.get(KEY, PENDING).asString()).isEqualTo("2");
    }
  }

  @Test
  void secretThatWasPurgedAndMadeAgainIsReadAgain() {
    try (SecretProvider provider = builder().build()) {
      assertThat(valid(provider)).containsExactly("1");
      elsewhere.delete(KEY);
      elsewhere.purge(KEY);
      ticker.advance(Duration.ofSeconds(1));
      String again = elsewhere.put(PutRequest.always(KEY, SecretValue.of("other"))).version();
      assertThat(newest(provider)).containsExactly("other");
      assertThat(provider.validVersions(KEY).get(0).version()).isEqualTo(again);
    }
  }

  @Test
  void versionThatCannotBeReadHidesNoOther() {
    try (SecretProvider provider = builder().build()) {
      rotateTo("2");
      assertThat(provider.get(KEY, PREVIOUS).asString()).isEqualTo("1");
      rotateTo("3");
      store.always(Op.FETCH_VERSION, KEY, FakeStep.fail(Kind.ACCESS_DENIED));
      provider.refresh(KEY);
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PENDING));
      fails(Kind.ACCESS_DENIED, () -> provider.get(KEY, PREVIOUS));
    }
  }

  /** As where a rule was made stricter with a rotation, or another program wrote a bad version. */
  @Test
  void versionThatBreaksARuleIsNotValidAndHidesNoOther() {
    rotateTo("22");
    pending("3");
    String rule = "validate." + KEY + ".min-length";
    try (SecretProvider provider = builder().store(store.secondClient()).set(rule, "3").build()) {
      fails(Kind.INVALID_VALUE, () -> provider.validVersions(KEY));
    }
    try (SecretProvider provider = builder().set(rule, "2").build()) {
      assertThat(valid(provider)).containsExactly("22");
      fails(Kind.INVALID_VALUE, () -> provider.get(KEY, PENDING));
      fails(Kind.INVALID_VALUE, () -> provider.get(KEY, PREVIOUS));
      pending("44");
      provider.refresh(KEY);
      assertThat(valid(provider)).containsExactly("22", "44");
      store.always(Op.FETCH_VERSION, KEY, FakeStep.fail(Kind.UNAVAILABLE));
      pending("55");
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY, Duration.ZERO));
    }
  }

  /** As a version of a Vault secret from before it had the field that the name asks for. */
  @Test
  void versionWithoutAValueIsNotValidAndHidesNoOther() {
    rotateTo("2");
    store.always(Op.FETCH_VERSION, KEY, FakeStep.fail(Kind.NOT_FOUND));
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("2");
      fails(Kind.NOT_FOUND, () -> provider.get(KEY, PREVIOUS));
    }
    try (SecretProvider provider = builder().store(store.secondClient()).build()) {
      fails(Kind.NOT_FOUND, () -> provider.validVersions(KEY));
    }
  }

  // ---- where the list and the current version differ

  @Test
  void listIsRefreshedWhereOnlyTheCurrentVersionFails() {
    try (SecretProvider provider = builder().set("jitter", "0").build()) {
      provider.get(KEY);
      assertThat(valid(provider)).containsExactly("1");
      store.always(Op.FETCH, KEY, FakeStep.fail(Kind.INVALID_VALUE));
      pending("2");
      ticker.advance(SOFT_AGE.multipliedBy(2).plusSeconds(1));
      assertThat(valid(provider)).containsExactly("1", "2");
    }
  }

  @Test
  void versionThatCannotBeReadIsNotAskedForWithoutEnd() {
    FakeTicker time = FakeTicker.queued();
    try (SecretProvider provider =
        builder().clock(time).executor(time.workers()).set("jitter", "0").build()) {
      CompletableFuture<Secret> first = provider.getAsync(KEY);
      time.runReady();
      assertThat(first).isCompleted();
      read(() -> fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, PENDING)), time);
      String old = first.join().version();
      rotateTo("2");
      store.always(Op.FETCH, KEY, FakeStep.value(old, "1"));
      store.always(Op.FETCH_VERSION, KEY, FakeStep.fail(Kind.ACCESS_DENIED));
      int before = store.calls();
      CompletableFuture<Secret> again = provider.getAsync(KEY);
      time.advance(SOFT_AGE.plusSeconds(10));
      assertThat(again).isCompleted();
      assertThat(store.calls() - before).isLessThan(20);
    }
  }

  private void rotateTo(String text) {
    ticker.advance(Duration.ofMillis(10));
    elsewhere.put(PutRequest.always(KEY, SecretValue.of(text)));
  }
}
