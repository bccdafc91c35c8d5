package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
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
  private final LoneEntry lone = LoneEntry.cold(timer, timer);

  /** Holds the backend's version. */
  private void hold() {
    var unused = lone.read();
    lone.land();
  }

  /** The version of an answer that is there. */
  private static String version(@Nullable CompletableFuture<Secret> answer) {
    Secret secret = Objects.requireNonNull(answer, "the entry is retired").getNow(null);
    return secret == null ? "none" : secret.version();
  }

  /** What readers get without asking: its version, and whether it says that it is stale. */
  private String served() {
    Secret answer = lone.entry.served;
    if (answer == null) {
      return "none";
    }
    return answer.version() + (answer.origin() == Secret.Origin.STALE ? " stale" : "");
  }

  /** Whether the entry is in the cache. */
  private boolean isKept() {
    return lone.cache.entries.containsValue(lone.entry);
  }

  /** What listeners heard since this was last asked: the kind and the version before. */
  private List<String> happened() {
    lone.tell();
    List<String> happened = new ArrayList<>();
    for (SecretEvent event : lone.events) {
      happened.add(event.type() + " " + event.oldVersion().orElse("none"));
    }
    lone.events.clear();
    return happened;
  }

  // ---- loads that overtake each other

  @Test
  void waitersOfALoadThatAWriteOvertookGetTheNewerAnswerThatIsHeld() {
    CompletableFuture<Secret> early = lone.read();
    Runnable first = lone.task();
    lone.backend = 2;
    lone.write(lone.backend);
    CompletableFuture<Secret> late = lone.read();
    lone.land();
    first.run();
    assertThat(version(late)).isEqualTo("2");
    assertThat(version(early)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void waitersOfALoadThatARefreshOvertookGetItsAnswerAndNotTheHeldOne() {
    hold();
    lone.backend = 2;
    CompletableFuture<Secret> early = lone.readYoung();
    Runnable first = lone.task();
    lone.backend = 3;
    CompletableFuture<Secret> refreshed = lone.refreshing();
    first.run();
    assertThat(early).isNotDone();
    assertThat(served()).isEqualTo("1");
    lone.land();
    assertThat(version(refreshed)).isEqualTo("3");
    assertThat(version(early)).isEqualTo("3");
  }

  @Test
  void aLoadThatNothingNewerFollowsAnswersItsWaiters() {
    CompletableFuture<Secret> early = lone.read();
    Runnable first = lone.task();
    lone.write(lone.backend);
    first.run();
    assertThat(version(early)).isEqualTo("1");
    assertThat(served()).isEqualTo("none");
  }

  @Test
  void aRefreshOvertakesALoadAndWaitsForARefresh() {
    CompletableFuture<Secret> loaded = lone.read();
    CompletableFuture<Secret> first = lone.refreshing();
    assertThat(lone.loads.get()).as("an own load").isEqualTo(2);
    CompletableFuture<Secret> second = lone.refreshing();
    assertThat(lone.loads.get()).as("the refresh under way comes first").isEqualTo(2);
    lone.land();
    assertThat(served()).as("the overtaken load").isEqualTo("none");
    assertThat(loaded).isNotDone();
    lone.land();
    assertThat(loaded).isDone();
    assertThat(first).isDone();
    assertThat(second).isNotDone();
    lone.land();
    assertThat(version(second)).isEqualTo("1");
    assertThat(lone.loads.get()).isEqualTo(3);
  }

  @Test
  void aRefreshThatWaitedForAnotherIsAnsweredAlthoughTheEntryIsClosed() {
    CompletableFuture<Secret> first = lone.refreshing();
    CompletableFuture<Secret> second = lone.refreshing();
    lone.entry.close();
    lone.land();
    assertThat(first).isDone();
    lone.land();
    assertThat(version(second)).isEqualTo("1");
  }

  @Test
  void aReaderToWhomTheLoadUnderWayIsTooOldWaitsForTheNext() {
    CompletableFuture<Secret> early = lone.read();
    lone.backend = 2;
    CompletableFuture<Secret> young = lone.readYoung();
    lone.land();
    assertThat(version(early)).isEqualTo("1");
    assertThat(young).isNotDone();
    lone.land();
    assertThat(version(young)).isEqualTo("2");
  }

  @Test
  void aReaderToWhomTheHeldAnswerIsTooOldGetsTheFailureThatIsRemembered() {
    hold();
    lone.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> refreshed = lone.refreshing();
    lone.land();
    assertThat(refreshed).isCompletedExceptionally();
    assertThat(lone.readYoung()).isCompletedExceptionally();
    assertThat(lone.loads.get()).isEqualTo(2);
  }

  @Test
  void aBatchMakesTheLoadOfAColdEntryOnly() {
    Timestamp made = lone.now();
    var cold = LoneEntry.future(lone.entry.read(lone.entry::load, made));
    lone.land();
    assertThat(version(cold)).isEqualTo("1");
    var held = LoneEntry.future(lone.entry.read(mode -> fail(), lone.now()));
    assertThat(version(held)).isEqualTo("1");
  }

  private static CallExecutor.Call<Secret> fail() {
    throw new AssertionError("nothing is to be loaded");
  }

  // ---- the list of versions, and the current version that it names

  @Test
  void aListThatNamesAnotherVersionIsServedTogetherWithIt() {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    lone.land();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    assertThat(happened()).containsExactly("ROTATED 1");
  }

  @Test
  void anOlderLoadDoesNotReplaceWhatAListHasBrought() {
    holdBoth();
    CompletableFuture<Secret> loading = lone.readYoung();
    Runnable load = lone.task();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    lone.land();
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
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    lone.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? lone.refreshing() : lone.readYoung();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    lone.land();
    assertThat(loading).isCompletedExceptionally();
    assertThat(served()).as("an outage loses no version").isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoadThatAListHasCrossedIsMadeAgain(boolean byRefresh) {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    lone.backend = 3;
    CompletableFuture<Secret> loading = byRefresh ? lone.refreshing() : lone.readYoung();
    Runnable load = lone.task();
    listed.run();
    load.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).as("nobody knows yet which is newer").isEqualTo("2");
    assertThat(loading).isNotDone();
    lone.land();
    assertThat(version(loading)).isEqualTo("3");
    assertThat(served()).isEqualTo("3");
    assertThat(listServed()).isEqualTo("3");
  }

  @Test
  void aColdLoadThatAListHasCrossedIsMadeAgain() {
    lone.hasList = true;
    CompletableFuture<Secret> loading = lone.read();
    Runnable load = lone.task();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    lone.land();
    load.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(loading).isNotDone();
    lone.land();
    assertThat(version(loading)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
  }

  @Test
  void aListOfADoubtedNameBringsTheVersionThatTheBackendHasNow() {
    holdBoth();
    lone.backend = 2;
    lone.cache.doubt("race", "a write failed");
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    CompletableFuture<Secret> loading = lone.read();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    lone.land();
    assertThat(version(loading)).isEqualTo("2");
  }

  @Test
  void anEntryStaysWhileAListIsOnItsWay() {
    holdBoth();
    CompletableFuture<VersionList> list = listYoung();
    boolean first = lone.entry.evict(); // false: it was read
    assertThat(first || lone.entry.evict()).isFalse();
    lone.land();
    assertThat(current(list)).isEqualTo("1");
    boolean again = lone.entry.evict(); // the second chance of one that was read
    assertThat(again || lone.entry.evict()).isTrue();
    assertThat(isKept()).as("for its list").isTrue();
  }

  @Test
  void aListThatAValueHasOvertakenIsAskedForOnceMore() {
    holdBoth();
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    CompletableFuture<Secret> read = lone.readYoung();
    lone.land();
    assertThat(version(read)).isEqualTo("1");
    listed.run();
    assertThat(list).isDone();
    Runnable again = Objects.requireNonNull(lone.next(), "the list is asked for again");
    again.run(); // it is younger than the value now
    assertThat(lone.next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListIsServedTogetherWithItsVersionAfterALoadThatFailed(boolean byRefresh) {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    lone.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? lone.refreshing() : lone.readYoung();
    lone.land();
    assertThat(loading).isCompletedExceptionally();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void aListThatIsOlderThanAnAnswerNamesThatAndIsAskedForAgain() {
    holdBoth();
    List<String> read = new ArrayList<>();
    lone.afterListing =
        () -> {
          lone.backend = 2;
          CompletableFuture<Secret> young = lone.readYoung();
          lone.land();
          read.add(version(young));
        };
    CompletableFuture<VersionList> list = listYoung();
    lone.land();
    assertThat(read).containsExactly("2");
    assertThat(current(list)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    assertThat(served()).isEqualTo("2");
    assertThat(lone.next()).as("the list is asked for again").isNotNull();
  }

  @Test
  void aWriteOvertakesAList() {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    lone.cache.doubt("race", "a write failed");
    lone.land();
    assertThat(list).isDone();
    assertThat(served()).isEqualTo("none");
    assertThat(listServed()).isEqualTo("none");
  }

  @Test
  void theListShowsARotatedVersionImmediately() {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<Secret> read = lone.readYoung();
    lone.land();
    assertThat(version(read)).isEqualTo("2");
    assertThat(listServed()).isEqualTo("2");
    assertThat(Objects.requireNonNull(lone.cache.heldVersions("race")).values())
        .isNotEmpty()
        .allMatch(secret -> secret.origin() == Secret.Origin.CACHE);
    lone.land(); // of the list, which is asked for again
    assertThat(listServed()).isEqualTo("2");
    assertThat(lone.next()).as("nothing is left to ask").isNull();
  }

  @Test
  void aRefreshThatAListHasCrossedMayBringAnOlderVersion() {
    holdBoth();
    lone.backend = 2;
    CompletableFuture<VersionList> list = listYoung();
    Runnable listed = lone.task();
    lone.backend = 1;
    CompletableFuture<Secret> refreshed = lone.refreshing();
    Runnable load = lone.task();
    listed.run();
    assertThat(current(list)).isEqualTo("2");
    load.run();
    lone.land(refreshed);
    assertThat(version(refreshed)).isEqualTo("1");
    assertThat(served()).isEqualTo("1");
  }

  @Test
  void eachAnswerOfANameCountsTowardsTheLimits() {
    holdBoth();
    long bytes = lone.cache.stats(OptionalLong.empty()).bytes();
    CompletableFuture<Secret> pinned = lone.cache.version("race", "1").future();
    lone.land(pinned);
    assertThat(version(pinned)).isEqualTo("1");
    SecretStats stats = lone.cache.stats(OptionalLong.empty());
    assertThat(stats.names()).as("the value, the list and the version").isEqualTo(3);
    assertThat(stats.bytes()).isGreaterThan(bytes);
  }

  @Test
  void aVersionByItsIdLeavesTheNameAndCanBeReadAgain() {
    CompletableFuture<Secret> first = lone.cache.version("race", "1").future();
    lone.land(first);
    for (Duration gone = Duration.ZERO;
        gone.compareTo(MAX_STALE.multipliedBy(2)) < 0;
        gone = gone.plus(SOFT_AGE)) {
      lone.pass(SOFT_AGE);
      lone.land();
    }
    assertThat(lone.cache.entries).as("nothing is left that ticks").isEmpty();
    CompletableFuture<Secret> again = lone.cache.version("race", "1").future();
    lone.land(again);
    assertThat(version(again)).isEqualTo("1");
  }

  /** Holds version 1 and a list that names it. */
  private void holdBoth() {
    lone.hasList = true;
    hold();
    CompletableFuture<VersionList> list = listYoung();
    lone.land();
    assertThat(current(list)).isEqualTo("1");
    assertThat(lone.next()).isNull();
  }

  private CompletableFuture<VersionList> listYoung() {
    MaxAge none = MaxAge.none(lone.now());
    return lone.cache.versions("race", RequestedVersions::wantAccepted, none).future();
  }

  private String listServed() {
    VersionsSlot slot = Objects.requireNonNull(lone.entry.versions, "nobody asked");
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
    assertThat(lone.entry.watch()).isTrue();
    assertThat(lone.loads.get()).as("a fresh answer needs no load").isEqualTo(1);
    lone.backend = 2;
    lone.write(lone.backend);
    lone.land();
    assertThat(served()).isEqualTo("2");
  }

  @Test
  void anEntryThatAWriteEmptiedLeavesTheCacheIfNobodyAsks() {
    hold();
    lone.write(lone.backend);
    lone.pass(CachePolicy.LONGEST_BACKOFF.minusNanos(1));
    assertThat(isKept()).isTrue();
    lone.pass(Duration.ofNanos(1));
    assertThat(isKept()).isFalse();
    assertThat(lone.entry.read(CallMode.RETRY)).isNull();
  }

  @Test
  void aWriteOfTheSameVersionIsNoRotation() {
    hold();
    lone.write(1);
    hold();
    assertThat(happened()).isEmpty();
    lone.write(2);
    hold();
    assertThat(happened()).containsExactly("ROTATED 1");
  }

  @Test
  void aDoubtedAnswerIsServedIfTheBackendFails() {
    hold();
    lone.cache.doubt("race", "a write failed");
    assertThat(served()).isEqualTo("none");
    lone.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> read = lone.read();
    lone.land();
    assertThat(version(read)).isEqualTo("1");
    assertThat(served()).isEqualTo("1 stale");
  }

  // ---- watchers

  @Test
  void watchingLoadsWhereNothingIsServed() {
    assertThat(lone.entry.watch()).isTrue();
    assertThat(lone.loads.get()).as("empty").isEqualTo(1);
    lone.land();
    lone.cache.doubt("race", "a write failed");
    lone.land();
    assertThat(lone.entry.watch()).isTrue();
    assertThat(lone.loads.get()).as("fresh").isEqualTo(2);
    lone.entry.unwatch();
    lone.entry.unwatch();
    lone.cache.doubt("race", "a write failed");
    assertThat(lone.loads.get()).as("not watched").isEqualTo(2);
    assertThat(lone.entry.watch()).isTrue();
    assertThat(lone.loads.get()).as("doubted").isEqualTo(3);
    lone.entry.close();
    assertThat(lone.entry.watch()).as("retired").isFalse();
  }

  @Test
  void watchingAnEntryThatHasFailedMakesNoLoad() {
    lone.failing = Kind.UNAVAILABLE;
    var unused = lone.read();
    lone.land();
    assertThat(lone.entry.watch()).isTrue();
    assertThat(lone.loads.get()).isEqualTo(1);
  }

  // ---- ages

  @Test
  void aLookAfterAGapDoesWhatIsDueByTheAge() {
    hold();
    lone.timer.pass(SOFT_AGE.minusNanos(1));
    lone.entry.tick(lone.now(), true);
    assertThat(served()).isEqualTo("1");
    lone.timer.pass(Duration.ofNanos(1));
    lone.entry.tick(lone.now(), true);
    assertThat(served()).isEqualTo("1 stale");
    Runnable refresh = lone.task();
    var unused = lone.read(); // else it is idle
    lone.timer.pass(MAX_STALE.minus(SOFT_AGE).minus(TICK).minusNanos(1));
    lone.entry.tick(lone.now(), true);
    assertThat(served()).isEqualTo("1 stale");
    lone.timer.pass(Duration.ofNanos(1));
    lone.entry.tick(lone.now(), true);
    assertThat(served()).isEqualTo("none");
    assertThat(happened()).containsExactly("EXPIRED 1");
    refresh.run();
    assertThat(served()).isEqualTo("1");
  }

  @Test
  void anIdleEntryThatExpiresLeavesTheCache() {
    hold();
    for (int i = 0; i < 3; i++) { // read once, then not: idle after ten minutes
      lone.pass(SOFT_AGE);
      lone.land();
    }
    lone.pass(SOFT_AGE);
    assertThat(lone.next()).as("no refresh").isNull();
    assertThat(served()).isEqualTo("none");
    assertThat(lone.entry.heldNow()).isNotNull();
    lone.pass(MAX_STALE.minus(SOFT_AGE));
    assertThat(happened()).containsExactly("EXPIRED 1");
    assertThat(isKept()).isFalse();
  }

  @Test
  void anEntryThatExpiresInAnOutageRepeatsTheFailure() {
    hold();
    lone.failing = Kind.UNAVAILABLE;
    lone.pass(HALF);
    for (int minutes = 0; minutes < 59; minutes++) {
      var unused = lone.read();
      lone.pass(HALF.multipliedBy(2));
      Runnable refresh = lone.next();
      if (refresh != null) {
        refresh.run();
      }
    }
    lone.pass(HALF); // half a minute before the next try
    assertThat(happened())
        .filteredOn(each -> !each.startsWith("REFRESH_FAILED"))
        .containsExactly("EXPIRED 1");
    int loads = lone.loads.get();
    assertThat(lone.read()).isCompletedExceptionally();
    assertThat(lone.loads.get()).as("the backend is not asked sooner").isEqualTo(loads);
  }

  @Test
  void aListThatIsLedAsksByItselfOnceNobodyReadsTheCurrentVersion() {
    holdBoth();
    for (int i = 0; i < 3; i++) { // the current version was read once: idle after ten minutes
      lone.pass(SOFT_AGE);
      lone.land();
      lone.land();
    }
    lone.pass(SOFT_AGE);
    assertThat(served()).as("nobody has read it").isEqualTo("none");
    lone.land();
    assertThat(lone.next()).as("the list is asked for alone").isNull();
    var unused = Cache.served(lone.entry.versions);
    lone.backend = 2;
    lone.pass(SOFT_AGE);
    lone.land();
    assertThat(listServed()).isEqualTo("2");
  }

  @Test
  void aListWhoseCurrentVersionExpiresInAnOutageAsksNoSoonerThanTheRetriesDo() {
    holdBoth();
    lone.failing = Kind.UNAVAILABLE;
    for (int i = 0; i < 70; i++) {
      Cache.served(lone.entry);
      Cache.served(lone.entry.versions);
      int before = lone.loads.get();
      lone.pass(HALF.multipliedBy(2));
      for (Runnable load = lone.next(); load != null; load = lone.next()) {
        load.run();
      }
      assertThat(lone.loads.get() - before).as("calls in minute %d", i).isLessThanOrEqualTo(2);
    }
    assertThat(served()).isEqualTo("none");
  }

  // ---- the end

  @Test
  void anEvictedEntryIsRemovedFromTheCache() {
    hold();
    boolean first = lone.entry.evict(); // false: it was read
    assertThat(first).isFalse();
    assertThat(lone.entry.evict()).isTrue();
    assertThat(isKept()).isFalse();
  }

  @Test
  void aClosedEntryOverwritesWhatItHeld() {
    hold();
    Secret answer = lone.entry.served;
    lone.cache.close();
    assertThat(LoneEntry.seen(answer)).isEqualTo(LoneEntry.OVERWRITTEN);
  }

  @Test
  void aVersionThatWasDisplacedIsOverwrittenAtTheEnd() {
    hold();
    Secret before = lone.entry.served;
    lone.backend = 2;
    lone.refresh().run();
    assertThat(LoneEntry.seen(before)).isEqualTo(1);
    lone.cache.parts.close();
    assertThat(LoneEntry.seen(before)).isEqualTo(LoneEntry.OVERWRITTEN);
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
    assertThat(Cache.served(lone.entry)).isSameAs(lone.entry.served).isNotNull();
  }
}
