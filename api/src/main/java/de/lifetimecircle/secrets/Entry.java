package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.Alarms.Purpose;
import de.lifetimecircle.secrets.Calls.Patience;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the cache holds for one key: an answer and its age, or a remembered failure, and at most one
 * load under way.
 *
 * <p>States (drawn in docs/cache.md). <i>Empty</i>: nothing held. <i>Fresh</i>: {@code served} is
 * the held answer. <i>Stale</i>: past the soft age, {@code served} is the held answer marked as
 * stale. <i>Idle</i>: nobody read it for long; {@code served} is null, the answer is still held,
 * and the next read brings it back as stale together with a refresh. <i>Expired</i> is empty again.
 * <i>Failed</i>: empty, with a failure that is repeated to readers until the negative age ends.
 * <i>Retired</i>: taken out of the cache; a reader that still has the entry looks for the new one.
 *
 * <p>Readers read {@code served}, or the same in {@link Published}, and nothing else: whether an
 * answer is fresh, stale or expired is decided by alarms of the timer and published there (a clock
 * costs four times what the read costs). A {@link Secret} is immutable with final fields, so
 * whoever sees the reference sees all of it.
 *
 * <p>Lock order. All other fields are guarded by the entry's monitor, which is never held during
 * I/O, a listener or a wait. The owner's {@code publishes}, {@code refreshFailed} and {@code
 * expired} are called inside it, so that what they record is in the order of publication; they may
 * take the monitor of another key's entry that holds what follows from this one (current, then
 * valid versions; never the reverse). {@code remove} takes a lock of the map's, {@code serves} that
 * of {@link Published}, in which no entry is ever asked. Nothing else is locked inside the monitor.
 * What they recorded is told by {@code announce}, after the monitor is left.
 *
 * <p>Generations. {@link #invalidate} raises the generation and forgets the load under way. A load
 * begun under an older one may not publish. It answers those who wait for it, who asked before the
 * write was done, by what a newer load holds or brings, if there is one, and else by its own: that
 * may be newer than what the newer load has read, and nobody may be served less afterwards. A
 * refresh overtakes loads in the same way, and waits for another refresh.
 *
 * <p>Why each race ends well.
 *
 * <ul>
 *   <li>Two cold readers: the first inside the monitor begins the flight, the second finds it.
 *       Where readers make their loads, the call is kept, and the one of them that takes it makes
 *       it.
 *   <li>A load against a write: the write raises the generation after it was acknowledged; a load
 *       begun before has the old number and publishes nothing, one begun after reads the new value.
 *   <li>A load against close or eviction: both retire the entry inside the monitor; a later landing
 *       finds it retired, answers its waiters and publishes nothing.
 *   <li>A reader against eviction: it has read {@code served} before, which is a valid answer, or
 *       reads null after, takes the slow path, learns that the entry is retired, and asks the map
 *       again, from which the entry was removed before the monitor was left.
 *   <li>A reader against expiry: the alarm sets {@code served} to null; a reader that was faster
 *       got an answer that was within its age when it was read.
 *   <li>An alarm against a new answer: each alarm knows for which answer it was set and does
 *       nothing once another is held ({@link Alarms}).
 *   <li>A lost update of {@code touched}: costs one refresh, or a place in the order of eviction.
 * </ul>
 */
final class Entry<T> {

  /** What a reader gets without asking anybody; null when there is something to decide first. */
  volatile @Nullable T served;

  /**
   * Whether somebody read it since it was last asked for. While it is false, {@link Published} has
   * no answer of this entry, so that the next reader comes by {@code served} and says so here.
   */
  boolean touched;

  final EntryOwner<T> owner;
  private final Policy policy;
  private final Alarms alarms;

  private @Nullable T held;

  /** What the last load failed with: the answer while nothing is held, else the stale reason. */
  private @Nullable SecretException failure;

  private @Nullable Flight<T> flight;
  private Instant flightBegun = Instant.MIN;

  /** Whether the load under way is a refresh. */
  private boolean refreshing;

  private long generation;

  /** The generation of the load that brought what is held. */
  private long heldFrom;

  private long refreshWait;
  private long quiet;
  private boolean pastSoftAge;
  private int watchers;
  private boolean retired;

  /** What the answer of the load under way may be too old to know. */
  private @Nullable Secret amendment;

  Entry(
      EntryOwner<T> owner, Policy policy, ScheduledExecutorService timer, RandomGenerator random) {
    this.owner = owner;
    this.policy = policy;
    this.alarms = new Alarms(policy, random, timer, this);
  }

  /**
   * The answer of a read that found nothing served: held, failed, or on its way.
   *
   * @param patience WAITING if this thread waits for the answer, else RETRY
   * @return null if the entry is retired
   */
  synchronized @Nullable CompletableFuture<T> read(Patience patience) {
    touched = true;
    if (retired) {
      return null;
    }
    if (wake()) {
      refreshInBackground();
    }
    if (served != null) {
      owner.serves(served);
      return CompletableFuture.completedFuture(served);
    }
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    return flight != null ? flight : begin(patience, null);
  }

  /** Serves again what nobody has read for long; returns whether that was so. */
  private boolean wake() {
    if (served != null || held == null) {
      return false;
    }
    quiet = 0;
    serve(pastSoftAge ? owner.stale(held, "not read for long") : owner.cached(held));
    return true;
  }

  /** Whether a reader would have to begin a load and wait for it. */
  synchronized boolean isCold() {
    return retired || (held == null && failure == null && flight == null);
  }

  /** As {@link #read}, but by this load if one must be started; it is made by a worker. */
  synchronized @Nullable CompletableFuture<T> read(Function<Patience, Calls.Call<T>> load) {
    if (!retired && isCold()) {
      touched = true;
      return begin(Patience.RETRY, load);
    }
    return read(Patience.RETRY);
  }

  /**
   * The answer for a reader to whom one fetched before that time is too old: held, or that of a
   * load begun since; null if the entry is retired. All readers that the load under way is too old
   * for share the one after it.
   */
  synchronized @Nullable CompletableFuture<T> readSince(Instant oldest) {
    boolean youngEnough = held != null && !owner.fetchedAt(held).isBefore(oldest);
    if (retired || youngEnough || (held == null && failure != null)) {
      return read(Patience.WAITING);
    }
    touched = true;
    boolean woken = wake(); // from now on the refresher asks again, and not each of its readers
    if (failure != null && !woken) {
      return CompletableFuture.failedFuture(failure);
    }
    if (flight == null) {
      return begin(Patience.WAITING, null);
    }
    if (!flightBegun.isBefore(oldest)) {
      return flight;
    }
    return flight.following();
  }

  /** The load for those whom the last one was too old for. */
  synchronized CompletableFuture<T> follow() {
    return flight != null ? flight : begin(Patience.RETRY, null);
  }

  /** Loads anew, whatever is held; the held answer stays when the load fails. */
  synchronized @Nullable CompletableFuture<T> refresh() {
    if (retired) {
      return null;
    }
    if (refreshing && flight != null) {
      return flight.nextRefresh();
    }
    generation++;
    flight = null;
    owner.overtaken();
    CompletableFuture<T> answer = begin(Patience.RETRY, null);
    refreshing = true;
    return answer;
  }

  /** The refresh for those who asked during the last one. */
  synchronized CompletableFuture<T> refreshNext() {
    CompletableFuture<T> answer = refresh();
    return answer != null ? answer : begin(Patience.RETRY, null);
  }

  /** Keeps the entry fresh though nobody reads it; returns false if it is retired. */
  synchronized boolean watch() {
    if (retired) {
      return false;
    }
    watchers++;
    if (wake() || (held == null && failure == null)) {
      refreshInBackground();
    }
    return true;
  }

  /** Ends one {@link #watch}. */
  synchronized void unwatch() {
    watchers--;
  }

  /** Forgets everything: what is held was overtaken by a write. */
  synchronized void invalidate() {
    generation++;
    flight = null;
    owner.overtaken();
    forget();
    if (watchers > 0) {
      refreshInBackground();
    } else {
      alarms.after(Policy.LONGEST_BACKOFF.toNanos(), Purpose.RETIRE);
    }
  }

  /**
   * Brings what is held up to another answer until a load brings better; one under way is too old
   * to be that. Where nothing is held, the answer of that one is amended when it lands.
   */
  synchronized void amend(Secret news) {
    if (held == null) {
      amendment = flight == null ? null : news;
      return;
    }
    T changed = owner.amended(held, news);
    if (changed != held) {
      owner.weighs(held, changed);
      held = changed;
      serve(owner.cached(changed));
      heldFrom = ++generation;
      flight = null;
      refreshInBackground();
    }
  }

  /**
   * Takes the entry out of the cache to make room, unless somebody watches it, waits for it, or
   * read it since this was last asked. One that holds nothing makes no room: it stays, and with it
   * the memory of a failing backend.
   *
   * @return whether this took it out
   */
  synchronized boolean evict() {
    if (retired || watchers > 0 || held == null || flight != null || wasRead()) {
      return false;
    }
    forget();
    retired = true;
    owner.remove(this);
    return true;
  }

  /** Ends the entry; what it held is overwritten. */
  void close() {
    T last;
    synchronized (this) {
      generation++;
      flight = null;
      last = held;
      forget();
      retired = true;
    }
    if (last != null) {
      owner.overwrite(last);
    }
  }

  /** When the backend gave what is held; null if nothing is. */
  synchronized @Nullable Instant fetchedAt() {
    return held == null ? null : owner.fetchedAt(held);
  }

  private void serve(@Nullable T answer) {
    if (!retired) { // else the name may have another entry
      owner.serves(null); // first, so that who has read the new answer here gets no older one there
    }
    served = answer;
    if (!retired) {
      owner.serves(touched ? answer : null);
    }
  }

  /** Whether it was read since this was last asked. The next reader comes by here, and says so. */
  private boolean wasRead() {
    boolean wasRead = touched;
    touched = false;
    owner.serves(null); // not asked of a retired entry, whose name may have another one
    return wasRead;
  }

  private void forget() {
    owner.weighs(held, null);
    held = null;
    amendment = null;
    serve(null);
    failure = null;
    pastSoftAge = false;
    alarms.clear();
  }

  private CompletableFuture<T> begin(
      Patience asked, @Nullable Function<Patience, Calls.Call<T>> otherLoad) {
    // While a backend fails, the wait between two loads takes the place of retries inside one, and
    // no reader's own thread goes there.
    Patience patience = asked == Patience.BACKGROUND || !alarms.fails() ? asked : Patience.ONCE;
    Flight<T> answer = new Flight<>(this, generation, patience);
    flight = answer;
    refreshing = false;
    flightBegun = owner.now();
    Calls.Call<T> call = otherLoad != null ? otherLoad.apply(patience) : owner.load(patience);
    CompletableFuture<T> unused = call.result.whenComplete(answer);
    if (patience == Patience.WAITING && call.isForReaders()) {
      answer.keep(call);
    } else {
      call.attempt();
    }
    return answer;
  }

  /** Publishes, or returns what a newer load holds or brings, if there is one. */
  synchronized @Nullable CompletableFuture<T> land(
      CompletableFuture<T> answer,
      long begunUnder,
      @Nullable T value,
      @Nullable SecretException error) {
    if (flight == answer) {
      flight = null;
    }
    if (begunUnder != generation || retired) {
      return held != null && heldFrom > begunUnder
          ? CompletableFuture.completedFuture(held)
          : flight;
    }
    if (value != null) {
      Secret news = amendment;
      T amended = news == null ? value : owner.amended(value, news);
      publish(amended);
      if (amended != value) {
        refreshInBackground();
        return CompletableFuture.completedFuture(amended);
      }
    } else if (error != null) {
      fail(error);
    }
    return null;
  }

  private void publish(T value) {
    owner.weighs(held, value);
    owner.publishes(value); // first, so that a verifier knows a version before anybody signs by it
    amendment = null;
    failure = null;
    pastSoftAge = false;
    alarms.clear();
    held = value;
    heldFrom = generation;
    serve(owner.cached(value)); // never null in between, so that who reads it meets no gap
    refreshAfter(alarms.worked());
    alarms.after(policy.softAge.toNanos(), Purpose.SOFT_AGE);
    alarms.after(policy.maxStale.toNanos(), Purpose.MAX_STALE);
  }

  /** Remembers a failure, and sets the time of the next try. */
  private void fail(SecretException error) {
    amendment = null;
    failure = error;
    alarms.failed(error);
    if (held != null) {
      if (pastSoftAge && served != null) {
        serve(owner.stale(held, Alarms.reason(error)));
      }
      refreshAfter(alarms.untilRetry(error));
      owner.refreshFailed(held, error);
    } else {
      alarms.clear();
      alarms.after(alarms.remembered(error), Purpose.FORGET);
    }
  }

  private void refreshAfter(long nanos) {
    refreshWait = nanos;
    alarms.refreshAfter(nanos);
  }

  // ---- what alarms do, inside the monitor

  /** Does what an alarm is for, if the era that it was set in lasts. */
  void ring(long era, Purpose purpose) {
    synchronized (this) {
      if (!retired && alarms.lasts(era)) {
        rang(purpose);
      }
    }
    owner.announce();
  }

  private void rang(Purpose purpose) {
    if (purpose == Purpose.REFRESH) {
      refreshDue();
    } else if (purpose == Purpose.SOFT_AGE) {
      softAgePassed();
    } else if (purpose == Purpose.MAX_STALE) {
      maxStalePassed();
    } else if (purpose == Purpose.FORGET) {
      failureForgotten();
    } else {
      retire();
    }
  }

  private void refreshDue() {
    quiet = wasRead() || watchers > 0 ? 0 : quiet + refreshWait;
    if (quiet > policy.idle.toNanos()) {
      serve(null); // the next reader takes the slow path, which wakes the entry
    } else {
      refreshInBackground();
    }
  }

  private void softAgePassed() {
    pastSoftAge = true;
    if (held != null && served != null) {
      serve(owner.stale(held, failure != null ? Alarms.reason(failure) : "a refresh is under way"));
    }
  }

  private void maxStalePassed() {
    T last = held;
    SecretException outage = failure;
    long untilRefresh = alarms.untilRefresh();
    forget();
    if (last != null) {
      owner.expired(last);
    }
    if (outage == null) {
      goOnOrRetire();
    } else { // the end of the answer is no reason to ask a failing backend sooner
      failure = outage;
      long negative = policy.negativeAge.toNanos();
      alarms.after(Math.min(untilRefresh, negative), Purpose.FORGET);
    }
  }

  private void failureForgotten() {
    failure = null;
    goOnOrRetire();
  }

  /**
   * Nothing is held: a watched entry tries on, another one is not needed until somebody asks. One
   * whose backend fails stays a while, so that the next reader's load knows it and does not begin
   * with retries.
   */
  private void goOnOrRetire() {
    if (watchers > 0) {
      refreshInBackground();
    } else if (alarms.isOutage()) {
      alarms.after(Policy.LONGEST_BACKOFF.toNanos(), Purpose.RETIRE);
    } else {
      retire();
    }
  }

  private void retire() {
    if (watchers == 0 && held == null && failure == null && flight == null) {
      retired = true;
      owner.remove(this);
    }
  }

  private void refreshInBackground() {
    if (!retired && flight == null) {
      CompletableFuture<T> unused =
          begin(Patience.BACKGROUND, null); // nobody waits; the landing tells
    }
  }
}
