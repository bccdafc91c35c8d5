package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.CallExecutor.CallMode;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each decision of an entry by itself, where the tests of a provider see only their sum. */
class EntryDecisionsTest {
  private static final Duration HALF = Duration.ofSeconds(30);
  private static final Duration SOFT_AGE = LoneEntry.POLICY.softAge();
  private static final Duration MAX_STALE = LoneEntry.POLICY.maxStale();
  private static final Duration TICK = Duration.ofSeconds(1);
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry bench = LoneEntry.cold(timer, timer);

  /** Holds the backend's version. */
  private void hold() {
    var unused = bench.read();
    bench.land();
  }

  /** The version of an answer that is there. */
  private static String version(@Nullable CompletableFuture<Secret> answer) {
    Secret secret = Objects.requireNonNull(answer, "the entry is retired").getNow(null);
    return secret == null ? "none" : secret.version();
  }

  /** What readers get without asking: its version, and whether it says that it is stale. */
  private String served() {
    Secret answer = bench.entry.served;
    if (answer == null) {
      return "none";
    }
    return answer.version() + (answer.origin() == Secret.Origin.STALE ? " stale" : "");
  }

  /** Whether the entry is in the cache. */
  private boolean isKept() {
    return bench.cache.entries.containsValue(bench.entry);
  }

  /** What listeners heard since this was last asked: the kind and the version before. */
  private List<String> happened() {
    bench.tell();
    List<String> happened = new ArrayList<>();
    for (SecretEvent event : bench.events) {
      happened.add(event.type() + " " + event.oldVersion().orElse("none"));
    }
    bench.events.clear();
    return happened;
  }

  // ---- loads that overtake each other

  @Test
  void waitersOfALoadThatAWriteOvertookGetTheNewerAnswerThatIsHeld() {
    CompletableFuture<Secret> early = bench.read();
    Runnable first = bench.task();
    bench.backend = 2;
    bench.write(bench.backend);
    CompletableFuture<Secret> late = bench.read();
    bench.land();
    first.run();
    assertThat(version(late)).isEqualTo("2");
    assertThat(version(early)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void waitersOfALoadThatARefreshOvertookGetItsAnswerAndNotTheHeldOne() {
    hold();
    bench.backend = 2;
    CompletableFuture<Secret> early = bench.readYoung();
    Runnable first = bench.task();
    bench.backend = 3;
    CompletableFuture<Secret> refreshed = bench.refreshing();
    first.run();
    assertThat(early).isNotDone();
    assertThat(served()).isEqualTo("1");
    bench.land();
    assertThat(version(refreshed)).isEqualTo("3");
    assertThat(version(early)).isEqualTo("3");
  }

  @Test
  void aLoadThatNothingNewerFollowsAnswersItsWaiters() {
    CompletableFuture<Secret> early = bench.read();
    Runnable first = bench.task();
    bench.write(bench.backend);
    first.run();
    assertThat(version(early)).isEqualTo("1");
    assertThat(served()).isEqualTo("none");
  }

  @Test
  void aRefreshOvertakesALoadAndWaitsForARefresh() {
    CompletableFuture<Secret> loaded = bench.read();
    CompletableFuture<Secret> first = bench.refreshing();
    assertThat(bench.loads.get()).as("an own load").isEqualTo(2);
    CompletableFuture<Secret> second = bench.refreshing();
    assertThat(bench.loads.get()).as("the refresh under way comes first").isEqualTo(2);
    bench.land();
    assertThat(served()).as("the overtaken load").isEqualTo("none");
    assertThat(loaded).isNotDone();
    bench.land();
    assertThat(loaded).isDone();
    assertThat(first).isDone();
    assertThat(second).isNotDone();
    bench.land();
    assertThat(version(second)).isEqualTo("1");
    assertThat(bench.loads.get()).isEqualTo(3);
  }

  @Test
  void aRefreshThatWaitedForAnotherIsAnsweredAlthoughTheEntryIsClosed() {
    CompletableFuture<Secret> first = bench.refreshing();
    CompletableFuture<Secret> second = bench.refreshing();
    bench.entry.close();
    bench.land();
    assertThat(first).isDone();
    bench.land();
    assertThat(version(second)).isEqualTo("1");
  }

  @Test
  void aReaderToWhomTheLoadUnderWayIsTooOldWaitsForTheNext() {
    CompletableFuture<Secret> early = bench.read();
    bench.backend = 2;
    CompletableFuture<Secret> young = bench.readYoung();
    bench.land();
    assertThat(version(early)).isEqualTo("1");
    assertThat(young).isNotDone();
    bench.land();
    assertThat(version(young)).isEqualTo("2");
  }

  @Test
  void aReaderToWhomTheHeldAnswerIsTooOldGetsTheFailureThatIsRemembered() {
    hold();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> refreshed = bench.refreshing();
    bench.land();
    assertThat(refreshed).isCompletedExceptionally();
    assertThat(bench.readYoung()).isCompletedExceptionally();
    assertThat(bench.loads.get()).isEqualTo(2);
  }

  @Test
  void aBatchMakesTheLoadOfAColdEntryOnly() {
    Timestamp made = bench.now();
    var cold = LoneEntry.future(bench.entry.read(bench.entry::load, made));
    bench.land();
    assertThat(version(cold)).isEqualTo("1");
    var held = LoneEntry.future(bench.entry.read(mode -> fail(), bench.now()));
    assertThat(version(held)).isEqualTo("1");
  }

  private static CallExecutor.Call<Secret> fail() {
    throw new AssertionError("nothing is to be loaded");
  }

  // ---- the list of versions, and the current version that it names

  @Test
  void aListThatNamesAnotherVersionIsServedTogetherWithIt() {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    bench.land();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    assertThat(happened()).containsExactly("ROTATED 1");
  }

  @Test
  void anOlderLoadDoesNotReplaceWhatAListHasBrought() {
    holdBoth();
    CompletableFuture<Secret> loading = bench.readYoung();
    Runnable load = bench.task();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    bench.land();
    load.run();
    assertThat(served()).isEqualTo("2");
    assertThat(version(loading)).isEqualTo("2");
    assertThat(current(list)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListIsServedTogetherWithItsVersionThoughANewerLoadIsUnderWay(boolean byRefresh) {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = bench.task();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? bench.refreshing() : bench.readYoung();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    bench.land();
    assertThat(loading).isCompletedExceptionally();
    assertThat(served()).as("an outage loses no version").isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoadThatAListHasCrossedIsMadeAgain(boolean byRefresh) {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = bench.task();
    bench.backend = 3;
    CompletableFuture<Secret> loading = byRefresh ? bench.refreshing() : bench.readYoung();
    Runnable load = bench.task();
    listed.run();
    load.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).as("nobody knows yet which is newer").isEqualTo("2");
    assertThat(loading).isNotDone();
    bench.land();
    assertThat(version(loading)).isEqualTo("3");
    assertThat(served()).isEqualTo("3");
    assertThat(listServed()).isEqualTo("3");
  }

  @Test
  void aColdLoadThatAListHasCrossedIsMadeAgain() {
    bench.hasList = true;
    CompletableFuture<Secret> loading = bench.read();
    Runnable load = bench.task();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    bench.land();
    load.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(loading).isNotDone();
    bench.land();
    assertThat(version(loading)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
  }

  @Test
  void aListOfADoubtedNameBringsTheVersionThatTheBackendHasNow() {
    holdBoth();
    bench.backend = 2;
    bench.cache.doubt("race", "a write failed");
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = bench.task();
    CompletableFuture<Secret> loading = bench.read();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    bench.land();
    assertThat(version(loading)).isEqualTo("2");
  }

  @Test
  void anEntryStaysWhileAListIsOnItsWay() {
    holdBoth();
    CompletableFuture<VersionList> list = listYoung();
    boolean first = bench.entry.evict(); // false: it was read
    assertThat(first || bench.entry.evict()).isFalse();
    bench.land();
    assertThat(current(list)).isEqualTo("1");
    boolean again = bench.entry.evict(); // the second chance of one that was read
    assertThat(again || bench.entry.evict()).isTrue();
    assertThat(isKept()).as("for its list").isTrue();
  }

  @Test
  void aListThatAValueHasOvertakenIsAskedForOnceMore() {
    holdBoth();
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = bench.task();
    CompletableFuture<Secret> read = bench.readYoung();
    bench.land();
    assertThat(version(read)).isEqualTo("1");
    listed.run();
    assertThat(list).isDone();
    bench.land(); // of the list, which is younger than the value now
    assertThat(bench.next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListIsServedTogetherWithItsVersionAfterALoadThatFailed(boolean byRefresh) {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = bench.task();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? bench.refreshing() : bench.readYoung();
    bench.land();
    assertThat(loading).isCompletedExceptionally();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void aListThatIsOlderThanAnAnswerNamesThatAndIsAskedForAgain() {
    holdBoth();
    List<String> read = new ArrayList<>();
    bench.afterListing =
        () -> {
          bench.backend = 2;
          CompletableFuture<Secret> young = bench.readYoung();
          bench.land();
          read.add(version(young));
        };
    CompletableFuture<VersionList> list = listYoung();
    bench.land();
    assertThat(read).containsExactly("2");
    assertThat(current(list)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(bench.next()).as("the list is asked for again").isNotNull();
  }

  @Test
  void aWriteOvertakesAList() {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    bench.cache.doubt("race", "a write failed");
    bench.land();
    assertThat(list).isDone();
    assertThat(served()).isEqualTo("none");
    assertThat(listServed()).isEqualTo("none");
  }

  @Test
  void aNewCurrentVersionIsInTheListAtOnce() {
    holdBoth();
    bench.backend = 2;
    CompletableFuture<Secret> read = bench.readYoung();
    bench.land();
    assertThat(version(read)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    bench.land(); // of the list, which is asked for again
    assertThat(listServed()).isEqualTo("2");
    assertThat(bench.next()).as("nothing is left to ask").isNull();
  }

  /** Holds version 1 and a list that names it. */
  private void holdBoth() {
    bench.hasList = true;
    hold();
    CompletableFuture<VersionList> list = listYoung();
    bench.land();
    assertThat(current(list)).isEqualTo("1");
    assertThat(bench.next()).isNull();
  }

  private CompletableFuture<VersionList> listYoung() {
    MaxAge none = MaxAge.none(bench.now());
    return bench.cache.versions("race", RequestedVersions::wantAccepted, none).future();
  }

  private String listServed() {
    VersionsSlot slot = Objects.requireNonNull(bench.entry.versions, "nobody asked");
    VersionList list = slot.served;
    return list == null ? "none" : currentOf(list);
  }

  private static String current(CompletableFuture<VersionList> list) {
    VersionList known = list.getNow(null);
    return known == null ? "none" : currentOf(known);
  }

  /** The current version of a list, which is the first of the accepted ones as well. */
  private static String currentOf(VersionList list) {
    String id = list.pick(VersionSelector.current()).map(SecretVersion::id).orElse("none");
    assertThat(Objects.requireNonNull(list.accepted()).get(0).version()).isEqualTo(id);
    return id;
  }

  // ---- writes and news

  @Test
  void aWatchedEntryLoadsAgainAfterAWrite() {
    hold();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads.get()).as("a fresh answer needs no load").isEqualTo(1);
    bench.backend = 2;
    bench.write(bench.backend);
    bench.land();
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void anEntryThatAWriteEmptiedLeavesTheCacheIfNobodyAsks() {
    hold();
    bench.write(bench.backend);
    bench.pass(CachePolicy.LONGEST_BACKOFF.minusNanos(1));
    assertThat(isKept()).isTrue();
    bench.pass(Duration.ofNanos(1));
    assertThat(isKept()).isFalse();
    assertThat(bench.entry.read(CallMode.RETRY)).isNull();
  }

  @Test
  void aDoubtedAnswerIsServedIfTheBackendFails() {
    hold();
    bench.cache.doubt("race", "a write failed");
    assertThat(served()).isEqualTo("none");
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> read = bench.read();
    bench.land();
    assertThat(version(read)).isEqualTo("1");
    assertThat(served()).isEqualTo("1 stale");
  }

  // ---- watchers

  @Test
  void watchingLoadsWhereNothingIsServed() {
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads.get()).as("empty").isEqualTo(1);
    bench.land();
    bench.cache.doubt("race", "a write failed");
    bench.land();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads.get()).as("fresh").isEqualTo(2);
    bench.entry.unwatch();
    bench.entry.unwatch();
    bench.cache.doubt("race", "a write failed");
    assertThat(bench.loads.get()).as("not watched").isEqualTo(2);
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads.get()).as("doubted").isEqualTo(3);
    bench.entry.close();
    assertThat(bench.entry.watch()).as("retired").isFalse();
  }

  @Test
  void watchingAnEntryThatHasFailedMakesNoLoad() {
    bench.failing = Kind.UNAVAILABLE;
    var unused = bench.read();
    bench.land();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads.get()).isEqualTo(1);
  }

  // ---- ages

  @Test
  void aLookAfterAGapDoesWhatIsDueByTheAge() {
    hold();
    bench.timer.pass(SOFT_AGE.minusNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(served()).isEqualTo("1");
    bench.timer.pass(Duration.ofNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(served()).isEqualTo("1 stale");
    Runnable refresh = bench.task();
    var unused = bench.read(); // else it is idle
    bench.timer.pass(MAX_STALE.minus(SOFT_AGE).minus(TICK).minusNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(served()).isEqualTo("1 stale");
    bench.timer.pass(Duration.ofNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(served()).isEqualTo("none");
    assertThat(happened()).containsExactly("EXPIRED 1");
    refresh.run();
    assertThat(served()).isEqualTo("1");
  }

  @Test
  void anIdleEntryThatExpiresLeavesTheCache() {
    hold();
    for (int i = 0; i < 3; i++) { // read once, then not: idle after ten minutes
      bench.pass(SOFT_AGE);
      bench.land();
    }
    bench.pass(SOFT_AGE);
    assertThat(bench.next()).as("no refresh").isNull();
    assertThat(served()).isEqualTo("none");
    assertThat(bench.entry.heldNow()).isNotNull();
    bench.pass(MAX_STALE.minus(SOFT_AGE));
    assertThat(happened()).containsExactly("EXPIRED 1");
    assertThat(isKept()).isFalse();
  }

  @Test
  void anEntryThatExpiresInAnOutageRepeatsTheFailure() {
    hold();
    bench.failing = Kind.UNAVAILABLE;
    bench.pass(HALF);
    for (int minutes = 0; minutes < 59; minutes++) {
      var unused = bench.read();
      bench.pass(HALF.multipliedBy(2));
      Runnable refresh = bench.next();
      if (refresh != null) {
        refresh.run();
      }
    }
    bench.pass(HALF); // half a minute before the next try
    assertThat(happened())
        .filteredOn(each -> !each.startsWith("REFRESH_FAILED"))
        .containsExactly("EXPIRED 1");
    int loads = bench.loads.get();
    assertThat(bench.read()).isCompletedExceptionally();
    assertThat(bench.loads.get()).as("the backend is not asked sooner").isEqualTo(loads);
  }

  @Test
  void aListThatIsLedAsksByItselfOnceNobodyReadsTheCurrentVersion() {
    holdBoth();
    for (int i = 0; i < 3; i++) { // the current version was read once: idle after ten minutes
      bench.pass(SOFT_AGE);
      bench.land();
      bench.land();
    }
    bench.pass(SOFT_AGE);
    assertThat(served()).as("nobody has read it").isEqualTo("none");
    bench.land();
    assertThat(bench.next()).as("the list is asked for alone").isNull();
    var unused = Cache.served(bench.entry.versions);
    bench.backend = 2;
    bench.pass(SOFT_AGE);
    bench.land();
    assertThat(listServed()).isEqualTo("2");
  }

  @Test
  void aListWhoseCurrentVersionExpiresInAnOutageAsksNoSoonerThanTheRetriesDo() {
    holdBoth();
    bench.failing = Kind.UNAVAILABLE;
    for (int i = 0; i < 70; i++) {
      Cache.served(bench.entry);
      Cache.served(bench.entry.versions);
      int before = bench.loads.get();
      bench.pass(HALF.multipliedBy(2));
      for (Runnable load = bench.next(); load != null; load = bench.next()) {
        load.run();
      }
      assertThat(bench.loads.get() - before).as("calls in minute %d", i).isLessThanOrEqualTo(2);
    }
    assertThat(served()).isEqualTo("none");
  }

  // ---- the end

  @Test
  void anEvictedEntryIsRemovedFromTheCache() {
    hold();
    boolean first = bench.entry.evict(); // false: it was read
    assertThat(first).isFalse();
    assertThat(bench.entry.evict()).isTrue();
    assertThat(isKept()).isFalse();
  }

  @Test
  void aClosedEntryOverwritesWhatItHeld() {
    hold();
    Secret answer = bench.entry.served;
    bench.cache.close();
    assertThat(LoneEntry.seen(answer)).isEqualTo(LoneEntry.OVERWRITTEN);
  }

  @Test
  void aFailureThatNoTickWouldEndIsNotRepeated() {
    ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
    ended.shutdownNow();
    LoneEntry silent = LoneEntry.cold(timer, ended);
    silent.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> read = silent.read();
    assertThatThrownBy(read::join).hasRootCauseInstanceOf(SecretException.class);
    assertThat(silent.entry.failure).isNull();
    assertThat(silent.cache.entries).isEmpty();
  }

  @Test
  void servedIsWhatTheEntryServes() {
    assertThat(Cache.served((Entry) null)).isNull();
    hold();
    assertThat(Cache.served(bench.entry)).isSameAs(bench.entry.served).isNotNull();
  }
}
