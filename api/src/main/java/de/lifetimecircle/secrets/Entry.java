package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import de.lifetimecircle.secrets.SharedLoad.Answer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cache's state for one key: an answer or a remembered failure, and at most one load.
 *
 * <p>Every cached name has an entry, so it is one object, in layers: {@link HeldAnswer} (what
 * readers get; first, so that a read touches one line of memory), {@link EntrySchedule} (times),
 * {@link EntryLoads} (running loads), and here the decisions.
 *
 * <p>States (drawn in docs/cache.md). <i>Empty</i>: nothing held. <i>Fresh</i>: {@code served} is
 * the held answer. <i>Stale</i>: past the soft age, {@code served} is the held answer marked as
 * stale. <i>Idle</i>: nobody read it for long; {@code served} is null, the answer is still held,
 * and the next read brings it back as stale together with a refresh. <i>Expired</i> is empty again.
 * <i>Doubted</i>: a write that failed may have overtaken the held answer; {@code served} is null,
 * so the next read asks the backend, and only if that fails is the answer served again, as stale.
 * <i>Failed</i>: empty, with a failure that is repeated to readers until the negative age ends.
 * <i>Retired</i>: taken out of the cache; a reader that still has the entry looks for the new one.
 *
 * <p>Lock order. All other fields are guarded by the entry's monitor, which is never held during
 * I/O, a listener or a wait: a load is made inside it and begun after it ({@link SharedLoad}). The
 * host's {@code publishes}, {@code refreshFailed}, {@code expired} and {@code stopsServing} are
 * called inside it, so that what they record is in the order of publication; they may take the
 * monitor of a dependent entry (current, then known versions; never the reverse). {@code remove}
 * takes a lock of the map. Nothing else is locked inside the monitor. {@code announce} reports the
 * recorded events after the monitor is left.
 *
 * <p>A leader is the entry of the name's current version. While it serves, each of its answers has
 * this one ask again ({@link #askSince}), and this one does so by its own times only after a
 * failure that was not the leader's as well: a refresh of a name costs one call more, an outage
 * none.
 *
 * <p>Why each race ends well.
 *
 * <ul>
 *   <li>Two cold readers: the first inside the monitor makes the load, the second finds it.
 *   <li>A load against a write: the write raises the generation after it was acknowledged; a load
 *       begun before has the old number and publishes nothing, one begun after reads the new value.
 *   <li>A load against close or eviction: both retire the entry inside the monitor; a later landing
 *       finds it retired, answers its waiters and publishes nothing.
 *   <li>A reader against eviction: it has read {@code served} before, which is a valid answer, or
 *       reads null after, takes the slow path, learns that the entry is retired, and asks the map
 *       again, from which the entry was removed before the monitor was left.
 *   <li>A tick against a new answer: a tick does what is due by the times that are set when it is
 *       inside the monitor; those of a new answer are to come ({@link EntrySchedule}).
 * </ul>
 */
final class Entry<T> extends EntryLoads<T> {

  /** The generation of the load that brought what is held. */
  private int heldFrom;

  private int watchers;

  /** How many writes have overtaken what it holds. */
  private int writes;

  Entry(EntryHost<T> host) {
    super(host);
  }

  // ---- what readers ask; the answer is null if the entry is retired

  /**
   * The answer of a read that found nothing served: held, failed, or on its way.
   *
   * @param patience RETRY, or BULK of one of many names
   */
  @Nullable Answer<T> read(Patience patience) {
    return leave(answer(patience));
  }

  /** As {@link #read(Patience)}, but by this load, made then, if one must be made. */
  @Nullable Answer<T> read(Function<Patience, CallExecutor.Call<T>> load, ClockReading made) {
    return leave(answerBy(load, made));
  }

  /**
   * The answer for a reader to whom an older one is too old: held, or that of a load made since.
   * All readers that the load under way is too old for share the one after it.
   */
  @Nullable Answer<T> read(Patience patience, AcceptedAge age) {
    return leave(answer(patience, age));
  }

  /** Loads again, whatever is held; the held answer stays when the load fails. */
  @Nullable Answer<T> refresh() {
    return leave(refreshed());
  }

  /** The load for those whom the last one was too old for. */
  Answer<T> follow() {
    Answer<T> answer;
    synchronized (this) {
      answer = Answer.by(shared(Patience.RETRY));
    }
    return answer.begin();
  }

  /** The refresh for those who asked during the last one. */
  Answer<T> refreshNext() {
    Answer<T> answer = refresh();
    return answer != null ? answer : follow();
  }

  private synchronized @Nullable Answer<T> answer(Patience patience) {
    touched = true;
    if (retired) {
      return null;
    }
    if (wake()) {
      refreshInBackground();
    }
    if (served != null) {
      return Answer.of(served);
    }
    if (isDoubted()) {
      SharedLoad<T> load = shared(patience);
      return Answer.after(load, load.orServed());
    }
    if (failure != null) {
      return Answer.failed(failure);
    }
    return Answer.by(shared(patience));
  }

  private synchronized @Nullable Answer<T> answerBy(
      Function<Patience, CallExecutor.Call<T>> load, ClockReading asked) {
    if (!retired && isCold()) {
      touched = true;
      return Answer.by(make(Patience.BULK, load, asked));
    }
    return answer(Patience.BULK);
  }

  private synchronized @Nullable Answer<T> answer(Patience patience, AcceptedAge age) {
    if (retired || isWithin(age) || (held == null && failure != null)) {
      return answer(patience);
    }
    touched = true;
    boolean woken = wake(); // from now on the refresher asks again, and not each of its readers
    SecretException failed = failure;
    if (failed != null && !woken) {
      return Answer.failed(failed);
    }
    SharedLoad<T> load = shared(patience);
    return age.accepts(load.asked) ? Answer.by(load) : Answer.after(load, load.following());
  }

  private synchronized @Nullable Answer<T> refreshed() {
    if (retired) {
      return null;
    }
    if (underWay != null && underWay.isRefresh) {
      return Answer.after(underWay, underWay.nextRefresh());
    }
    SharedLoad.Learned<T> learned = underWay == null ? null : underWay.otherwise;
    overtake();
    host.overtaken(held);
    SharedLoad<T> refresh = make(Patience.RETRY).asRefresh();
    refresh.otherwise = learned;
    return Answer.by(refresh);
  }

  /** Whether a reader would have to begin a load and wait for it. */
  synchronized boolean isCold() {
    return retired || (held == null && failure == null && underWay == null);
  }

  // ---- what the cache asks

  /** Keeps the entry fresh though nobody reads it; returns false if it is retired. */
  boolean watch() {
    synchronized (this) {
      if (retired) {
        return false;
      }
      watchers++;
      if (wake() || isDoubted() || (held == null && failure == null)) {
        refreshInBackground();
      }
    }
    begin();
    return true;
  }

  synchronized void unwatch() {
    watchers--;
  }

  /** Forgets everything: what is held was overtaken by a write. */
  void invalidate() {
    overtaken(null);
  }

  /** Lets the next read ask the backend, and keeps what is held for the case that this fails. */
  void doubt(String reason) {
    overtaken(reason);
  }

  private void overtaken(@Nullable String doubt) {
    synchronized (this) {
      writes++;
      overtake();
      host.overtaken(held);
      if (doubt != null && held != null) {
        mistrust(doubt);
        failure = null; // after that: a reader who wants a young answer asks again
      } else {
        forget();
      }
      if (watchers > 0) {
        refreshInBackground();
      } else if (held == null) {
        refreshAfter(CachePolicy.LONGEST_BACKOFF.toNanos());
      }
    }
    begin();
  }

  /**
   * Brings what is held up to another answer until a load brings better. The answer of a load under
   * way is brought up to it when it lands.
   */
  synchronized void amend(Secret news) {
    if (underWay != null) {
      underWay.amendment = news;
    }
    if (held != null) {
      T changed = host.amended(held, news);
      if (changed != held) {
        replace(changed, staleReason());
      }
    }
  }

  /** Asks for the held answer again, unless that has happened since that moment. */
  void askSince(ClockReading moment) {
    synchronized (this) {
      if (isHeldFromBefore(moment)) {
        refreshInBackground();
      }
    }
    begin();
  }

  /**
   * The leader serves nothing any more: from now on this entry asks at its own times, the first
   * time after at least so many nanoseconds.
   */
  synchronized void leaderStopped(long atLeast) {
    if (!retired && held != null) {
      refreshAfter(Math.max(atLeast, policy().softAge().toNanos() - age()));
    }
  }

  /** How an entry stood at some time. A load that has failed since brought nothing newer. */
  record Mark<T>(@Nullable SharedLoad<T> underWay, int writes, @Nullable T held) {
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Entry<T> entry) {
      return entry.writes == writes && entry.held == held;
    }
  }

  /** Returns this entry's state before a request on another path, for {@link #learn}. */
  synchronized Mark<T> mark() {
    return new Mark<>(underWay, writes, held);
  }

  /**
   * Publishes what was learned by another way than a load of this entry. A load that began since
   * brings what is newer; if it fails, this is published.
   *
   * @param before how the entry stood; if what it holds has changed, that is newer
   * @param moment when the backend was asked
   */
  @SuppressWarnings("ReferenceEquality")
  synchronized void learn(Mark<T> before, T news, ClockReading moment) {
    if (retired || !before.isOf(this)) {
      return;
    }
    if (underWay != null && underWay != before.underWay()) {
      underWay.otherwise = new SharedLoad.Learned<>(news, moment);
    } else {
      overtake();
      publish(news, moment);
    }
  }

  /**
   * Takes the entry out of the cache to make room, unless somebody watches it, waits for it, or
   * read it since this was last asked; returns whether it did. One that holds nothing makes no
   * room: it stays, and with it the memory of a failing backend.
   */
  synchronized boolean evict() {
    if (retired || watchers > 0 || held == null || underWay != null || wasRead()) {
      return false;
    }
    forget();
    retired = true;
    host.remove(this);
    return true;
  }

  /** Ends the entry; what it held is overwritten. */
  void close() {
    T last;
    synchronized (this) {
      overtake();
      last = held;
      forget();
      retired = true;
    }
    if (last != null) {
      host.overwrite(last);
    }
  }

  private void forget() {
    drop();
    failure = null;
    noRefresh();
  }

  // ---- loads

  @Override
  SharedLoad<T> make(Patience patience) {
    return make(patience, host::load, host.now());
  }

  private SharedLoad<T> make(
      Patience asked, Function<Patience, CallExecutor.Call<T>> load, ClockReading moment) {
    // While a backend fails, the wait between two loads takes the place of retries inside one.
    Patience patience = fails() ? asked.once() : asked;
    SharedLoad<T> made = new SharedLoad<>(this, load, patience, moment, generation);
    underWay = made;
    return made;
  }

  private void refreshInBackground() {
    if (!retired && underWay == null) {
      var unused = make(Patience.BACKGROUND); // nobody waits; the landing tells
    }
  }

  /** Publishes, or returns what a newer load holds or brings, if there is one. */
  @Nullable Answer<T> land(
      SharedLoad<T> answer, @Nullable T value, @Nullable SecretException error) {
    return leave(landed(answer, value, error));
  }

  private synchronized @Nullable Answer<T> landed(
      SharedLoad<T> answer, @Nullable T value, @Nullable SecretException error) {
    if (!isInTime(answer) || retired) {
      return held != null && heldFrom > answer.generation
          ? Answer.of(held)
          : underWay == null ? null : Answer.by(underWay);
    }
    if (value != null) {
      Secret news = answer.amendment;
      T amended = news == null ? value : host.amended(value, news);
      publish(amended, answer.asked);
      if (amended != value) {
        refreshInBackground();
        return Answer.of(amended);
      }
    } else if (error != null) {
      SharedLoad.Learned<T> learned = answer.otherwise;
      if (learned != null) {
        publish(learned.value(), learned.moment());
      }
      fail(error);
    }
    return null;
  }

  private void publish(T value, ClockReading moment) {
    hold(value, moment);
    heldFrom = generation;
    failure = null;
    worked(moment);
  }

  /** Remembers a failure, and sets the time of the next try. */
  private void fail(SecretException error) {
    if (isDoubted() && error.isGone()) {
      forget();
    }
    failure = error;
    failed(error);
    if (held != null) {
      loadFailed(held, reason(error));
      retryAfter(error);
      host.refreshFailed(held, error);
    } else {
      repeat(error, remembered(error));
    }
  }

  /** Repeats a failure to readers for so long; not at all where no tick would end that. */
  private void repeat(SecretException error, long nanos) {
    if (host.parts().sweep().ticks()) {
      failure = error;
      refreshAfter(nanos);
    } else {
      failure = null;
      retire();
    }
  }

  // ---- what is due at a tick

  @Override
  void left() {
    begin();
    host.announce();
  }

  @Override
  void refreshDue() {
    if (areLed()) {
      refreshAfter(policy().softAge().toNanos()); // for the case that it is led no more
      return;
    }
    if (isIdle(wasRead() || watchers > 0)) {
      noRefresh();
      idle(); // the next reader takes the slow path, which wakes the entry
    } else {
      refreshInBackground();
    }
  }

  @Override
  void maxStalePassed() {
    expire();
    T last = held;
    SecretException outage = failure;
    long untilRefresh = untilRefresh();
    if (last != null) {
      host.expired(last);
    }
    forget();
    if (outage == null) {
      goOnOrRetire();
    } else { // the end of the answer is no reason to ask a failing backend sooner
      repeat(outage, Math.min(untilRefresh, policy().negativeAge().toNanos()));
    }
  }

  @Override
  void emptyForLong() {
    if (failure != null) {
      failure = null;
      goOnOrRetire();
    } else if (watchers > 0) {
      refreshInBackground();
    } else {
      retire();
    }
  }

  /**
   * Nothing is held: a watched entry tries on, another one is not needed until somebody asks. One
   * whose backend fails stays a while, so that the next reader's load knows it and does not begin
   * with retries.
   */
  private void goOnOrRetire() {
    if (watchers > 0) {
      refreshInBackground();
    } else if (isOutage()) {
      refreshAfter(CachePolicy.LONGEST_BACKOFF.toNanos());
    } else {
      retire();
    }
  }

  private void retire() {
    if (watchers == 0 && isCold()) {
      retired = true;
      host.remove(this);
    }
  }
}
