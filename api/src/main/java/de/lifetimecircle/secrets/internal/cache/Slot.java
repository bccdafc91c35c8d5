package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.call.Sweep;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One question about a name, with its answer or its remembered failure, the time to ask again, and
 * at most one load. Three kinds: the current version ({@link Entry}), the versions that there are
 * ({@link VersionsSlot}), exactly one version ({@link PinnedSlot}).
 *
 * <p>States (drawn in docs/cache.md). <i>Empty</i>: nothing held. <i>Fresh</i>: {@code served} is
 * the held answer. <i>Stale</i>: past the soft age, {@code served} is the held answer marked as
 * stale. <i>Idle</i>: no caller read it for long; {@code served} is null, the answer is still held,
 * and the next read brings it back as stale together with a refresh. <i>Expired</i> is empty again.
 * <i>Doubted</i>: a write that failed may have overtaken the held answer; {@code served} is null,
 * so the next read asks the backend, and only if that fails is the answer served again, as stale.
 * <i>Failed</i>: empty, with a failure that is repeated to readers until the negative age ends.
 * <i>Retired</i>: taken out of the cache; a reader that still has it looks for the new one.
 *
 * <p>Locks. All fields are guarded by the monitor of the name's entry, so that all questions about
 * a name change together; {@code served}, {@code touched} and the load under way are also read
 * outside. It is never held during I/O, a listener or a wait: a load is made inside it and begun
 * after it ({@link Load}). Inside it are locked: the map of the cache, values and their eraser, the
 * history of versions, and the queues of events. None of them calls anything. {@link #announce}
 * tells what was recorded after the monitor is left.
 *
 * <p>Which answer counts. A load publishes only if it is the latest that was made. A write, a
 * refresh or a list that was asked for later lets go of the load under way, so a load that was made
 * before publishes nothing: its waiters get an answer that was asked for later if there is one,
 * else that of the load under way, else its own.
 *
 * <p>Why each race ends well.
 *
 * <ul>
 *   <li>Two cold readers: the first inside the monitor makes the load, the second finds it.
 *   <li>A load against a write: the write lets go of the load after it was acknowledged; one made
 *       afterwards reads the new value.
 *   <li>A load against close or eviction: both retire the slot inside the monitor; a later landing
 *       finds that, answers its waiters and publishes nothing.
 *   <li>A reader against eviction: it has read {@code served} before, which is a valid answer, or
 *       reads null after, takes the slow path, learns that the slot is retired, and asks the map
 *       again, from which the entry was removed before the monitor was left.
 *   <li>A tick against a new answer: a tick does what is due by the times that are set when it is
 *       inside the monitor; those of a new answer are to come.
 * </ul>
 *
 * <p>Times. A refresh comes shortly before the soft age while loads succeed, ever more rarely while
 * they fail. The ages of an answer follow from both clocks ({@link Timestamp}); the time of the
 * next refresh is one of the monotonic clock. If that one stood still, or a clock was set, the ages
 * show it, and an answer past its soft age is refreshed at once. Whatever is due stays due until
 * its work is done: a refresh is due again after a second unless the work sets another time, and
 * the ages follow from the held answer. So an error in the middle of the work only makes it late.
 */
public abstract class Slot<T> extends CachedAnswer<T> {
  final Cache cache;
  final String name;

  /**
   * When the next refresh is due, by the monotonic clock; where nothing is held, when to forget or
   * to retire. Only if {@code hasNext}.
   */
  private long nextAt;

  private boolean hasNext;

  /** When a refresh fell due last before which a caller had read. */
  private long seenReadAt;

  /** Whether a tick has done something that was not announced yet; only ticks read it. */
  private boolean isUnannounced;

  /** How many loads have failed in a row, up to the last one. */
  private int failures;

  /** Whether the last failure may pass by itself, as that of an outage. */
  private boolean mayPass;

  /** What the last load failed with: the answer while nothing is held, else the stale reason. */
  @Nullable SecretException failure;

  /** The latest load, if it is under way. */
  @Nullable Load<T> underWay;

  /** Whether the cache has let go of it; it publishes nothing any more. */
  boolean retired;

  Slot(Cache cache, String name) {
    this.cache = cache;
    this.name = name;
    this.seenReadAt = now().nanos();
  }

  // ---- of a kind of question

  /** Prepares a load, which is begun later. */
  abstract CallExecutor.Call<T> load(CallMode mode);

  /** The secrets in one answer. */
  abstract Collection<Secret> all(T held);

  /**
   * Whether something else was served since the load was made, so that it is unknown which of the
   * two is newer.
   */
  boolean isCrossed(T fresh, Timestamp moment) {
    return false;
  }

  /** The answer of a load, brought up to the news since it was asked for. */
  T agreeing(T fresh, Timestamp moment) {
    return fresh;
  }

  /** Records that a refresh failed while an answer is held. */
  void refreshFailed(T answer, SecretException error) {}

  /** Records that a held answer passed max-stale. */
  void expired(T answer) {}

  /** Records that the backend was changed on purpose, so that any version may come next. */
  void acceptAnyVersion() {}

  /** Whether another slot's refreshes bring those of this one. */
  boolean isLed() {
    return false;
  }

  /** Whether it is kept fresh though no caller reads it. */
  boolean isWatched() {
    return false;
  }

  /** Whether the cache has to keep it. */
  boolean isNeeded() {
    return isWatched() || !isCold();
  }

  /** Takes it out of the cache. */
  abstract void remove();

  // ---- what readers ask; the answer is null if the slot is retired

  /**
   * The answer of a read that found nothing served: held, failed, or on its way.
   *
   * @param mode RETRY, or BULK of one of many names
   */
  @Nullable PendingAnswer<T> read(CallMode mode) {
    return decide(() -> answer(mode));
  }

  /** Like {@link #read(CallMode)}, but uses this load, made then, if a load has to start. */
  @Nullable PendingAnswer<T> read(Function<CallMode, CallExecutor.Call<T>> load, Timestamp made) {
    return decide(
        () -> {
          if (retired || !isCold()) {
            return answer(CallMode.BULK);
          }
          touched = true;
          return PendingAnswer.by(make(CallMode.BULK, load, made));
        });
  }

  /**
   * The answer for a reader to whom an older one is too old: held, or that of a load made since.
   * All readers that the load under way is too old for share the one after it.
   */
  @Nullable PendingAnswer<T> read(CallMode mode, MaxAge age) {
    return decide(() -> answer(mode, age));
  }

  /** Loads again, whatever is held; the held answer stays when the load fails. */
  @Nullable PendingAnswer<T> refresh() {
    return decide(this::refreshed);
  }

  /** The load for those whom the last one was too old for. */
  PendingAnswer<T> follow() {
    PendingAnswer<T> answer;
    synchronized (monitor()) {
      answer = PendingAnswer.by(shared(CallMode.RETRY));
    }
    return answer.begin();
  }

  /** The refresh for those who asked during the last one. */
  PendingAnswer<T> refreshNext() {
    PendingAnswer<T> answer = refresh();
    return answer != null ? answer : follow();
  }

  private @Nullable PendingAnswer<T> answer(CallMode mode) {
    touched = true;
    if (retired) {
      return null;
    }
    if (wake()) {
      refreshInBackground();
    }
    if (served != null) {
      return PendingAnswer.of(served);
    }
    if (isDoubted()) {
      Load<T> load = shared(mode);
      return PendingAnswer.after(load, load.orServed());
    }
    if (failure != null) {
      return PendingAnswer.failed(failure);
    }
    return PendingAnswer.by(shared(mode));
  }

  private @Nullable PendingAnswer<T> answer(CallMode mode, MaxAge age) {
    if (retired || isWithin(age) || (held == null && failure != null)) {
      return answer(mode);
    }
    touched = true;
    boolean woken = wake(); // from now on the refresher asks again, and not each of its readers
    SecretException failed = failure;
    if (failed != null && !woken) {
      return PendingAnswer.failed(failed);
    }
    Load<T> load = shared(mode);
    return age.accepts(load.asked)
        ? PendingAnswer.by(load)
        : PendingAnswer.after(load, load.following());
  }

  private @Nullable PendingAnswer<T> refreshed() {
    if (retired) {
      return null;
    }
    if (underWay != null && underWay.isRefresh) {
      return PendingAnswer.after(underWay, underWay.nextRefresh());
    }
    acceptAnyVersion();
    return PendingAnswer.by(make(CallMode.RETRY).asRefresh());
  }

  /** Whether a reader would have to begin a load and wait for it. */
  boolean isCold() {
    synchronized (monitor()) {
      return retired || (held == null && failure == null && underWay == null);
    }
  }

  // ---- what the cache asks

  /** As {@link #changed}, the first part, which cannot fail: nothing old is served any more. */
  void changing() {
    underWay = null;
    suspect();
  }

  /**
   * The backend was changed: what is held and a load under way are older than that.
   *
   * @param doubt why what is held may have been overtaken, so that the next read asks the backend
   *     and gets the held answer only if that fails; null if it was overtaken for certain
   */
  void changed(@Nullable String doubt) {
    acceptAnyVersion();
    if (doubt != null && held != null) {
      mistrust(doubt);
      failure = null; // after that: a reader who wants a young answer asks again
    } else {
      forget();
    }
    if (isWatched()) {
      refreshInBackground();
    } else if (held == null) {
      refreshAfter(CachePolicy.LONGEST_BACKOFF.toNanos());
    }
  }

  /**
   * Drops what is held to make room, unless a caller watches it, waits for it, or read it since
   * this was last asked; returns whether it did. A slot that holds nothing makes no room: it stays,
   * and with it the memory of a failing backend.
   */
  boolean evict() {
    synchronized (monitor()) {
      if (retired || isWatched() || held == null || underWay != null || wasRead()) {
        return false;
      }
      forget();
      failures = 0;
      retire();
      return true;
    }
  }

  /** Ends it; what it held is overwritten. */
  void close() {
    T last;
    synchronized (monitor()) {
      underWay = null;
      last = held;
      forget();
      retired = true;
    }
    if (last != null) {
      for (Secret secret : all(last)) {
        EngineAccess.types().overwrite(secret.value());
      }
    }
  }

  private void forget() {
    drop();
    failure = null;
    hasNext = false;
  }

  /** Lets the cache forget it, if nothing needs it. */
  void retire() {
    if (!isNeeded()) {
      retired = true;
      remove();
    }
  }

  @Override
  void weighs(@Nullable T before, @Nullable T after) {
    cache.weigh(before == null ? List.of() : all(before), after == null ? List.of() : all(after));
  }

  // ---- loads

  /** The load under way, or one that is from now on. */
  private Load<T> shared(CallMode mode) {
    Load<T> load = underWay;
    return load != null ? load : make(mode);
  }

  private Load<T> make(CallMode mode) {
    return make(mode, this::load, now());
  }

  private Load<T> make(
      CallMode asked, Function<CallMode, CallExecutor.Call<T>> load, Timestamp moment) {
    // While a backend fails, the wait between two loads takes the place of retries inside one.
    CallMode mode = fails() ? asked.once() : asked;
    Load<T> made = new Load<>(this, load, mode, moment);
    underWay = made;
    return made;
  }

  void refreshInBackground() {
    if (!retired && underWay == null) {
      var unused = make(CallMode.BACKGROUND); // no caller waits; the landing reports
    }
  }

  /** Takes a decision inside the monitor, and begins what it has made after it. */
  private @Nullable PendingAnswer<T> decide(Supplier<@Nullable PendingAnswer<T>> decision) {
    PendingAnswer<T> answer;
    synchronized (monitor()) {
      answer = decision.get();
    }
    if (answer != null) {
      var unused = answer.begin();
    }
    begin();
    return answer;
  }

  /** Begins the load under way; a look without the monitor shows at least what this thread made. */
  void begin() {
    Load<T> made = underWay;
    if (made != null) {
      made.begin();
    }
  }

  /** Publishes, or returns what a newer load holds or brings, if there is one. */
  @Nullable PendingAnswer<T> land(
      Load<T> load, @Nullable T value, @Nullable SecretException error) {
    return decide(() -> landed(load, value, error));
  }

  private @Nullable PendingAnswer<T> landed(
      Load<T> load, @Nullable T value, @Nullable SecretException error) {
    if (underWay != load) {
      return newerThan(load);
    }
    underWay = null;
    if (retired) {
      return null;
    }
    boolean hasLanded = false;
    try {
      PendingAnswer<T> newer = value != null ? received(load, value) : null;
      if (error != null) {
        fail(error);
      }
      hasLanded = true;
      return newer;
    } finally {
      if (!hasLanded) { // it is delivered again
        underWay = load;
      }
    }
  }

  /** The answer for those who wait for a load that was overtaken; null for its own. */
  private @Nullable PendingAnswer<T> newerThan(Load<T> overtaken) {
    if (held != null && isNewerThan(overtaken.asked)) {
      return PendingAnswer.of(held);
    }
    return underWay == null ? null : PendingAnswer.by(underWay);
  }

  /** A load fetched that value; returns another answer if that could not be served as it is. */
  private @Nullable PendingAnswer<T> received(Load<T> load, T value) {
    if (isCrossed(value, load.asked)) {
      return PendingAnswer.by(again(load));
    }
    T agreeing = agreeing(value, load.asked);
    publish(agreeing, load.asked);
    if (agreeing == value) {
      return null;
    }
    isAmended = true;
    refreshInBackground();
    return PendingAnswer.of(agreeing);
  }

  /** The load that decides, since all that is served now was published before it. */
  private Load<T> again(Load<T> crossed) {
    if (!crossed.isRefresh) {
      return make(CallMode.RETRY);
    }
    acceptAnyVersion();
    return make(CallMode.RETRY).asRefresh();
  }

  /** Holds and serves an answer that was asked for then. */
  void publish(T value, Timestamp moment) {
    hold(value, moment);
    failure = null;
    worked(moment);
  }

  /** Remembers a failure, and sets the time of the next try. */
  private void fail(SecretException error) {
    if (isDoubted() && CachePolicy.isGone(error)) {
      forget();
    }
    failure = error;
    failures++;
    mayPass = error.retryable();
    if (held != null) {
      loadFailed(held, reason(error));
      refreshAfter(policy().untilRetry(failures, error, cache.parts.random()));
      refreshFailed(held, error);
    } else {
      repeat(error, policy().remembered(error, cache.parts.random()));
    }
  }

  /** Repeats a failure to readers for so long; not at all where no tick would end that. */
  private void repeat(SecretException error, long nanos) {
    if (cache.sweep.ticks()) {
      failure = error;
      refreshAfter(nanos);
    } else {
      failure = null;
      retire();
    }
  }

  // ---- what is due at a tick

  /**
   * Does what is due, one thing after the other: each after the monitor was left, so that a load
   * may land in between.
   *
   * @param isAfterGap whether for a while no tick could come and no load could begin
   */
  void tick(Timestamp now, boolean isAfterGap) {
    boolean didWork = doEarliest(now, isAfterGap);
    while (didWork || isUnannounced) {
      begin();
      announce();
      isUnannounced = false;
      didWork = doFirst(now);
    }
    begin();
  }

  /** As {@link #doFirst}, after what a gap or a clock that stood still has put off. */
  private boolean doEarliest(Timestamp now, boolean isAfterGap) {
    synchronized (monitor()) {
      if (isPastSoftAge(now) && (isAfterGap || isLateForRefresh(now))) {
        refreshAt(now.nanos());
      }
      return doFirst(now);
    }
  }

  /**
   * Does the first thing that is due; returns whether anything was. A refresh comes before the soft
   * age, which its answer may make needless.
   */
  private boolean doFirst(Timestamp now) {
    synchronized (monitor()) {
      if (retired) {
        return false;
      }
      // A tick early, since the next one would be late.
      if (held != null && age(now) >= policy().maxStale().toNanos() - cache.sweep.tick) {
        maxStalePassed(held);
      } else if (hasNext && nextAt - now.nanos() <= 0) {
        refreshAt(now.nanos() + Sweep.AGAIN); // unless the work sets another time, or fails
        if (held != null) {
          refreshDue();
        } else {
          emptyForLong();
        }
      } else if (isFresh() && isPastSoftAge(now)) {
        softAgePassed(staleReason());
      } else {
        return false;
      }
      isUnannounced = true;
      return true;
    }
  }

  private boolean isPastSoftAge(Timestamp now) {
    return held != null && age(now) >= policy().softAge().toNanos();
  }

  /** Whether a refresh should have come, had the monotonic clock not stood still. */
  private boolean isLateForRefresh(Timestamp now) {
    return isFresh() && served != null && !fails() && hasStoodStill(now);
  }

  private void refreshDue() {
    if (isLed()) {
      refreshAfter(policy().softAge().toNanos()); // in case the other slot stops refreshing it
    } else if (isIdle(wasRead() || isWatched())) {
      hasNext = false;
      idle(); // the next reader takes the slow path, which wakes it
    } else {
      refreshInBackground();
    }
  }

  /** A tick begins the refresh of one that was idle, if an error keeps its reader from that. */
  @Override
  boolean wake() {
    boolean isWoken = super.wake();
    hasNext |= isWoken; // the time that is set has passed
    return isWoken;
  }

  /** Whether no caller has read for so long that there shall be no refresh. */
  private boolean isIdle(boolean wasRead) {
    long now = now().nanos();
    if (wasRead) {
      seenReadAt = now;
    }
    return now - seenReadAt > policy().idle().toNanos();
  }

  private void maxStalePassed(T last) {
    expire();
    SecretException failed = failure;
    long untilRefresh = hasNext ? Math.max(0, nextAt - now().nanos()) : 0;
    expired(last);
    forget();
    if (failed == null) {
      goOnOrRetire();
    } else { // the end of the answer is no reason to ask a failing backend sooner
      repeat(failed, Math.min(untilRefresh, policy().negativeAge().toNanos()));
    }
  }

  private void emptyForLong() {
    if (failure != null) {
      failure = null;
      goOnOrRetire();
    } else if (isWatched()) {
      refreshInBackground();
    } else {
      hasNext = false;
      retire();
    }
  }

  /**
   * Nothing is held: a watched slot tries on, another one is not needed until a caller asks. One
   * whose backend fails stays a while, so that the next reader's load knows it and does not begin
   * with retries.
   */
  private void goOnOrRetire() {
    if (isWatched()) {
      refreshInBackground();
    } else if (fails() && mayPass) {
      refreshAfter(CachePolicy.LONGEST_BACKOFF.toNanos());
    } else {
      hasNext = false;
      retire();
    }
  }

  /** Tells what was recorded, outside of the monitor. */
  void announce() {
    cache.announce(this);
  }

  // ---- times

  CachePolicy policy() {
    return cache.parts.policy();
  }

  Timestamp now() {
    return cache.parts.now();
  }

  /** Whether a time is set at which something is due. */
  boolean isScheduled() {
    return hasNext;
  }

  /** A load worked that was asked for then: sets the time of the next refresh. */
  private void worked(Timestamp moment) {
    failures = 0;
    refreshAt(moment.nanos() + Sweep.AGAIN); // what follows may fail, as foreign code can
    long fresh = policy().untilRefresh(cache.parts.random());
    // A load may take longer than the soft age.
    refreshAfter(Math.max(fresh - moment.until(now()), fresh / 2));
  }

  /** Whether it has not worked again since it failed. */
  boolean isFailing() {
    synchronized (monitor()) {
      return !retired && (failure != null || isDoubted());
    }
  }

  /** Whether the last load failed. */
  boolean fails() {
    return failures > 0;
  }

  /** When what readers get stale, because loads fail, was asked for; null if they do not. */
  @Nullable Timestamp askedIfOutageServes() {
    synchronized (monitor()) {
      return failure != null && servesStale() ? asked : null;
    }
  }

  /** Why a held answer is stale after that failure. */
  static String reason(SecretException error) {
    return "refresh failed: " + error.kind();
  }

  /** Why the held answer is stale now that its age has passed. */
  String staleReason() {
    SecretException cause = causeOfStaleness();
    return cause != null ? reason(cause) : "a refresh is under way";
  }

  /** The failure that keeps the held answer from being fresh; null if there is none. */
  @Nullable SecretException causeOfStaleness() {
    return failure;
  }

  /**
   * Sets when the next refresh is due while an answer is held, else when to forget the failure if
   * there is one, else when to retire. Replaces the time that was set.
   */
  void refreshAfter(long nanos) {
    refreshAt(now().nanos() + Math.max(0, nanos));
  }

  private void refreshAt(long nanos) {
    nextAt = nanos;
    hasNext = true;
  }
}
