package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each decision of an entry by itself, where the tests of a provider see only their sum. */
class EntryDecisionsTest {
  private static final Duration HALF = Duration.ofSeconds(30);
  private final EntryBench bench = new EntryBench();

  // ---- loads that overtake each other

  @Test
  void waitersOfALoadThatAWriteOvertookGetTheNewerAnswerThatIsHeld() {
    CompletableFuture<Secret> early = bench.read();
    Runnable first = bench.task();
    bench.backend = 2;
    bench.entry.invalidate();
    CompletableFuture<Secret> late = bench.read();
    bench.land();
    first.run();
    assertThat(EntryBench.version(late)).isEqualTo("2");
    assertThat(EntryBench.version(early)).isEqualTo("2");
    assertThat(bench.served()).isEqualTo("2");
  }

  @Test
  void waitersOfALoadThatARefreshOvertookGetItsAnswerAndNotTheHeldOne() {
    bench.held();
    bench.backend = 2;
    CompletableFuture<Secret> early = bench.readYoung();
    Runnable first = bench.task();
    bench.backend = 3;
    CompletableFuture<Secret> refreshed = bench.refresh();
    first.run();
    assertThat(early).isNotDone();
    assertThat(bench.served()).isEqualTo("1");
    bench.land();
    assertThat(EntryBench.version(refreshed)).isEqualTo("3");
    assertThat(EntryBench.version(early)).isEqualTo("3");
  }

  @Test
  void aLoadThatNothingNewerFollowsAnswersItsWaiters() {
    CompletableFuture<Secret> early = bench.read();
    Runnable first = bench.task();
    bench.entry.invalidate();
    first.run();
    assertThat(EntryBench.version(early)).isEqualTo("1");
    assertThat(bench.served()).isEqualTo("none");
  }

  @Test
  void aRefreshOvertakesALoadAndWaitsForARefresh() {
    CompletableFuture<Secret> loaded = bench.read();
    CompletableFuture<Secret> first = bench.refresh();
    assertThat(bench.loads).as("an own load").isEqualTo(2);
    CompletableFuture<Secret> second = bench.refresh();
    assertThat(bench.loads).as("the refresh under way comes first").isEqualTo(2);
    bench.land();
    assertThat(bench.served()).as("the overtaken load").isEqualTo("none");
    assertThat(loaded).isNotDone();
    bench.land();
    assertThat(loaded).isDone();
    assertThat(first).isDone();
    assertThat(second).isNotDone();
    bench.land();
    assertThat(EntryBench.version(second)).isEqualTo("1");
    assertThat(bench.loads).isEqualTo(3);
  }

  @Test
  void aRefreshThatWaitedForAnotherIsAnsweredAlthoughTheEntryIsClosed() {
    CompletableFuture<Secret> first = bench.refresh();
    CompletableFuture<Secret> second = bench.refresh();
    bench.entry.close();
    bench.land();
    assertThat(first).isDone();
    bench.land();
    assertThat(EntryBench.version(second)).isEqualTo("1");
  }

  @Test
  void aReaderToWhomTheLoadUnderWayIsTooOldWaitsForTheNext() {
    CompletableFuture<Secret> early = bench.read();
    bench.backend = 2;
    CompletableFuture<Secret> young = bench.readYoung();
    bench.land();
    assertThat(EntryBench.version(early)).isEqualTo("1");
    assertThat(young).isNotDone();
    bench.land();
    assertThat(EntryBench.version(young)).isEqualTo("2");
  }

  @Test
  void aReaderToWhomTheHeldAnswerIsTooOldGetsTheFailureThatIsRemembered() {
    bench.held();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> refreshed = bench.refresh();
    bench.land();
    assertThat(refreshed).isCompletedExceptionally();
    assertThat(bench.readYoung()).isCompletedExceptionally();
    assertThat(bench.loads).isEqualTo(2);
  }

  @Test
  void aBatchMakesTheLoadOfAColdEntryOnly() {
    ClockReading made = bench.now();
    var cold = EntryBench.future(bench.entry.read(bench::load, made));
    bench.land();
    assertThat(EntryBench.version(cold)).isEqualTo("1");
    var held = EntryBench.future(bench.entry.read(patience -> fail(), bench.now()));
    assertThat(EntryBench.version(held)).isEqualTo("1");
  }

  private static CallExecutor.Call<Secret> fail() {
    throw new AssertionError("nothing is to be loaded");
  }

  @Test
  void whatWasLearnedIsNotReplacedByAnOlderLoad() {
    bench.held();
    CompletableFuture<Secret> loading = bench.readYoung();
    bench.entry.learn(bench.entry.mark(), LoneEntry.answer(5), bench.now());
    assertThat(bench.served()).isEqualTo("5");
    bench.land();
    assertThat(bench.served()).isEqualTo("5");
    assertThat(EntryBench.version(loading)).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasLearnedIsPublishedIfALoadThatBeganSinceFails(boolean byRefresh) {
    bench.held();
    Entry.Mark<Secret> before = bench.entry.mark();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? bench.refresh() : bench.readYoung();
    bench.entry.learn(before, LoneEntry.answer(5), bench.now());
    assertThat(bench.served()).as("the load may bring what is newer").isEqualTo("1");
    bench.land();
    assertThat(loading).isCompletedExceptionally();
    assertThat(bench.served()).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasLearnedIsPublishedAfterALoadThatFailed(boolean byRefresh) {
    bench.held();
    Entry.Mark<Secret> before = bench.entry.mark();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = byRefresh ? bench.refresh() : bench.readYoung();
    bench.land();
    assertThat(loading).isCompletedExceptionally();
    bench.entry.learn(before, LoneEntry.answer(5), bench.now());
    assertThat(bench.served()).isEqualTo("5");
  }

  @Test
  void aRefreshThatFailsAfterALoadThatItOvertookLeavesWhatWasLearned() {
    bench.held();
    Entry.Mark<Secret> before = bench.entry.mark();
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> loading = bench.readYoung();
    bench.entry.learn(before, LoneEntry.answer(5), bench.now());
    CompletableFuture<Secret> refreshed = bench.refresh();
    bench.land();
    bench.land();
    assertThat(refreshed).isCompletedExceptionally();
    assertThat(loading).isDone();
    assertThat(bench.served()).isEqualTo("5");
  }

  @Test
  void aWriteOvertakesWhatWasLearned() {
    bench.held();
    Entry.Mark<Secret> before = bench.entry.mark();
    bench.entry.doubt("a write failed");
    bench.entry.learn(before, LoneEntry.answer(5), bench.now());
    assertThat(bench.served()).isEqualTo("none");
  }

  // ---- writes and news

  @Test
  void aWriteTellsTheHostWhatItOvertook() {
    bench.entry.invalidate();
    bench.held();
    bench.entry.invalidate();
    assertThat(bench.said).containsExactly("overtaken nothing", "overtaken 1");
  }

  @Test
  void aWatchedEntryLoadsAgainAfterAWrite() {
    bench.held();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads).as("a fresh answer needs no load").isEqualTo(1);
    bench.backend = 2;
    bench.entry.invalidate();
    bench.land();
    assertThat(bench.served()).isEqualTo("2");
  }

  @Test
  void anEntryThatAWriteEmptiedLeavesTheCacheIfNobodyAsks() {
    bench.held();
    bench.entry.invalidate();
    bench.said.clear();
    bench.pass(CachePolicy.LONGEST_BACKOFF.minusNanos(1));
    assertThat(bench.said).isEmpty();
    bench.pass(Duration.ofNanos(1));
    assertThat(bench.said).containsExactly("removed");
    assertThat(bench.entry.read(Patience.RETRY)).isNull();
  }

  @Test
  void aDoubtedAnswerIsServedIfTheBackendFails() {
    bench.held();
    bench.entry.doubt("a write failed");
    assertThat(bench.served()).isEqualTo("none");
    bench.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> read = bench.read();
    bench.land();
    assertThat(EntryBench.version(read)).isEqualTo("1");
    assertThat(bench.served()).isEqualTo("1 stale");
  }

  @Test
  void newsChangeWhatIsServedAndWhatALoadBrings() {
    bench.held();
    Secret before = bench.entry.served;
    bench.entry.amend(LoneEntry.answer(1));
    assertThat(bench.entry.served).as("no news").isSameAs(before);
    bench.entry.amend(LoneEntry.answer(2));
    assertThat(bench.served()).isEqualTo("2");

    CompletableFuture<Secret> loading = bench.readYoung();
    bench.entry.amend(LoneEntry.answer(3));
    bench.land();
    assertThat(EntryBench.version(loading)).isEqualTo("3");
    assertThat(bench.served()).isEqualTo("3");
    assertThat(bench.loads).as("one more, because news may be older than an answer").isEqualTo(3);
  }

  // ---- watchers

  @Test
  void watchingLoadsWhereNothingIsServed() {
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads).as("empty").isEqualTo(1);
    bench.land();
    bench.entry.doubt("a write failed");
    bench.land();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads).as("fresh").isEqualTo(2);
    bench.entry.unwatch();
    bench.entry.unwatch();
    bench.entry.doubt("a write failed");
    assertThat(bench.loads).as("not watched").isEqualTo(2);
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads).as("doubted").isEqualTo(3);
    bench.entry.close();
    assertThat(bench.entry.watch()).as("retired").isFalse();
  }

  @Test
  void watchingAnEntryThatHasFailedMakesNoLoad() {
    bench.failing = Kind.UNAVAILABLE;
    var unused = bench.read();
    bench.land();
    assertThat(bench.entry.watch()).isTrue();
    assertThat(bench.loads).isEqualTo(1);
  }

  // ---- ages

  @Test
  void aLookAfterAGapDoesWhatIsDueByTheAge() {
    bench.held();
    bench.timer.pass(EntryBench.SOFT_AGE.minusNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(bench.served()).isEqualTo("1");
    bench.timer.pass(Duration.ofNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(bench.served()).isEqualTo("1 stale");
    Runnable refresh = bench.task();
    var unused = bench.read(); // else it is idle
    bench.timer.pass(
        EntryBench.MAX_STALE.minus(EntryBench.SOFT_AGE).minus(EntryBench.TICK).minusNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(bench.served()).isEqualTo("1 stale");
    bench.timer.pass(Duration.ofNanos(1));
    bench.entry.tick(bench.now(), true);
    assertThat(bench.served()).isEqualTo("none");
    assertThat(bench.said).containsExactly("expired 1");
    refresh.run();
    assertThat(bench.served()).isEqualTo("1");
  }

  @Test
  void anIdleEntryThatExpiresLeavesTheCache() {
    bench.held();
    for (int i = 0; i < 3; i++) { // read once, then not: idle after ten minutes
      bench.pass(EntryBench.SOFT_AGE);
      bench.land();
    }
    bench.pass(EntryBench.SOFT_AGE);
    assertThat(bench.workers.take()).as("no refresh").isNull();
    assertThat(bench.served()).isEqualTo("none");
    assertThat(bench.entry.heldNow()).isNotNull();
    bench.pass(EntryBench.MAX_STALE.minus(EntryBench.SOFT_AGE));
    assertThat(bench.said).containsExactly("expired 1", "removed");
  }

  @Test
  void anEntryThatExpiresInAnOutageRepeatsTheFailure() {
    bench.held();
    bench.failing = Kind.UNAVAILABLE;
    bench.pass(HALF);
    for (int minutes = 0; minutes < 59; minutes++) {
      var unused = bench.read();
      bench.pass(HALF.multipliedBy(2));
      Runnable refresh = bench.workers.take();
      if (refresh != null) {
        refresh.run();
      }
    }
    bench.pass(HALF); // half a minute before the next try
    assertThat(bench.said).containsExactly("expired 1");
    int loads = bench.loads;
    assertThat(bench.read()).isCompletedExceptionally();
    assertThat(bench.loads).as("the backend is not asked sooner").isEqualTo(loads);
  }

  @Test
  void anEntryThatIsLedAsksByItselfOnceItsLeaderServesNothing() {
    EntryBench leading = new EntryBench().held();
    bench.leader = leading.entry;
    bench.held();
    bench.pass(EntryBench.SOFT_AGE);
    assertThat(bench.workers.take()).as("the leader's refreshes bring its own").isNull();
    leading.entry.close();
    bench.pass(EntryBench.SOFT_AGE);
    bench.land();
    assertThat(bench.loads).isEqualTo(2);
  }

  @Test
  void anEntryWhoseLeaderStopsAsksNoSoonerThanItIsTold() {
    bench.entry.leaderStopped(0);
    assertThat(bench.entry.isCold()).as("nothing is held, so nothing follows").isTrue();
    bench.held();
    bench.entry.leaderStopped(EntryBench.SOFT_AGE.multipliedBy(2).toNanos());
    bench.pass(EntryBench.SOFT_AGE);
    assertThat(bench.workers.take()).isNull();
    bench.pass(EntryBench.SOFT_AGE);
    bench.land();
    assertThat(bench.loads).isEqualTo(2);
  }

  // ---- the end

  @Test
  void anEvictedEntryIsRemovedFromTheCache() {
    bench.held();
    boolean first = bench.entry.evict(); // false: it was read
    assertThat(first).isFalse();
    assertThat(bench.entry.evict()).isTrue();
    assertThat(bench.said).containsExactly("removed");
  }

  @Test
  void aClosedEntryOverwritesWhatItHeld() {
    bench.held();
    bench.entry.close();
    assertThat(bench.said).containsExactly("overwritten 1");
  }

  @Test
  void aFailureThatNoTickWouldEndIsNotRepeated() {
    ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
    ended.shutdownNow();
    EntryBench silent = new EntryBench(ended);
    silent.failing = Kind.UNAVAILABLE;
    CompletableFuture<Secret> read = silent.read();
    assertThatThrownBy(read::join).hasRootCauseInstanceOf(SecretException.class);
    assertThat(silent.entry.failure).isNull();
    assertThat(silent.said).containsExactly("removed");
  }

  @Test
  void servedIsWhatTheEntryServes() {
    assertThat(Cache.served((Entry<Secret>) null)).isNull();
    bench.held();
    assertThat(Cache.served(bench.entry)).isSameAs(bench.entry.served).isNotNull();
  }
}
