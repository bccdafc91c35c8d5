package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the cache holds for one key: an answer and its age, or a remembered failure, and at most one
 * load under way.
 *
 * <p>States. <i>Empty</i>: nothing held. <i>Fresh</i>: {@code served} is the held answer.
 * <i>Stale</i>: past the soft age, {@code served} is the held answer marked as stale. <i>Idle</i>:
 * nobody read it for long; {@code served} is null, the answer is still held, and the next read
 * brings it back as stale together with a refresh. <i>Expired</i> is empty again. <i>Failed</i>:
 * empty, with a failure that is repeated to readers until the negative age ends. <i>Retired</i>:
 * taken out of the cache; a reader that still has the entry looks for the new one.
 *
 * <p>Readers read {@code served}, one volatile field, and nothing else: whether an answer is fresh,
 * stale or expired is decided by alarms of the timer and published there (a clock costs four times
 * what the read costs). All other fields are guarded by the entry's monitor, which is never held
 * during I/O, a callback or a wait; there is no other lock, so no lock order.
 *
 * <p>Generations. {@link #invalidate} raises the generation and forgets the load under way. A load
 * that was begun under an older generation still answers those who wait for it, who asked before
 * the write was done, and may not publish.
 */
final class Entry<T> {

  /** Whether a load is worth a second try. */
  enum Patience {
    /** Readers wait for it. */
    RETRY,
    /** The next one comes by itself. */
    ONCE
  }

  /** How an entry reaches the pipeline it belongs to. */
  interface Owner<T> {
    /** Starts a load. */
    Calls.Call<T> load(Patience patience);

    /** The answer as a later reader gets it. */
    T cached(T fresh);

    /** The answer as a reader gets it past its age. */
    T stale(T fresh, String reason);

    /** After an answer was published. */
    default void published(T fresh) {}

    /** After a refresh failed while an answer is held. */
    default void refreshFailed(T held, SecretException error) {}

    /** After a held answer passed max-stale. */
    default void expired(T held) {}

    /** Overwrites what nobody can read any more. */
    void overwrite(T held);

    /** Takes the retired entry out of the cache. */
    void remove(Entry<T> entry);
  }

  private final Owner<T> owner;
  private final Policy policy;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;

  /** What a reader gets without asking anybody; null when there is something to decide first. */
  volatile @Nullable T served;

  /** Set by readers, cleared by the refresher; a lost update costs one refresh more or less. */
  boolean touched;

  private @Nullable T held;

  /** What the last load failed with: the answer while nothing is held, else the stale reason. */
  private @Nullable SecretException failure;

  private @Nullable CompletableFuture<T> flight;
  private final List<Future<?>> alarms = new ArrayList<>(2);
  private @Nullable Future<?> nextRefresh;
  private long generation;
  private long holding;
  private int failuresInRow;
  private long refreshWait;
  private long quiet;
  private boolean pastSoftAge;
  private boolean watched;
  private boolean retired;

  Entry(Owner<T> owner, Policy policy, ScheduledExecutorService timer, RandomGenerator random) {
    this.owner = owner;
    this.policy = policy;
    this.timer = timer;
    this.random = random;
  }

  /**
   * The answer of a read that found nothing served: held, failed, or on its way.
   *
   * @return null if the entry is retired
   */
  synchronized @Nullable CompletableFuture<T> read() {
    touched = true;
    if (retired) {
      return null;
    }
    if (served == null && held != null) {
      quiet = 0;
      served = pastSoftAge ? owner.stale(held, "not read for long") : owner.cached(held);
      refreshInBackground();
    }
    if (served != null) {
      return CompletableFuture.completedFuture(served);
    }
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    return flight != null ? flight : begin(true, null);
  }

  /** As {@link #read}, but by this load if one must be started. */
  synchronized @Nullable CompletableFuture<T> read(Supplier<Calls.Call<T>> load) {
    if (!retired && served == null && held == null && failure == null && flight == null) {
      touched = true;
      return begin(true, load);
    }
    return read();
  }

  /** Loads anew, whatever is held; the held answer stays when the load fails. */
  synchronized @Nullable CompletableFuture<T> refresh() {
    if (retired) {
      return null;
    }
    generation++;
    flight = null;
    return begin(true, null);
  }

  /** Keeps the entry fresh from now on though nobody reads it. */
  synchronized void watch() {
    watched = true;
    if (held == null && failure == null) {
      refreshInBackground();
    }
  }

  synchronized boolean isRetired() {
    return retired;
  }

  /** Forgets everything: what is held was overtaken by a write. */
  synchronized void invalidate() {
    generation++;
    flight = null;
    forget();
    if (watched) {
      refreshInBackground();
    }
  }

  /** Replaces what is held until a load brings better; one under way is too old to be that. */
  synchronized void amend(UnaryOperator<T> change) {
    T changed = held == null ? null : change.apply(held);
    if (changed != null && changed != held) {
      held = changed;
      served = owner.cached(held);
      generation++;
      flight = null;
      refreshInBackground();
    }
  }

  /** Ends the entry; what it held is overwritten. */
  void close() {
    T last;
    synchronized (this) {
      retired = true;
      generation++;
      flight = null;
      last = held;
      forget();
    }
    if (last != null) {
      owner.overwrite(last);
    }
  }

  private void forget() {
    held = null;
    served = null;
    failure = null;
    pastSoftAge = false;
    holding++;
    alarms.forEach(alarm -> alarm.cancel(false));
    alarms.clear();
    cancelNextRefresh();
  }

  private CompletableFuture<T> begin(
      boolean readersWait, @Nullable Supplier<Calls.Call<T>> otherLoad) {
    long begunUnder = generation;
    CompletableFuture<T> answer = new CompletableFuture<>();
    flight = answer;
    // While a backend is down, the wait between two loads takes the place of retries inside one.
    Patience patience = readersWait && failuresInRow == 0 ? Patience.RETRY : Patience.ONCE;
    Calls.Call<T> call = otherLoad != null ? otherLoad.get() : owner.load(patience);
    CompletableFuture<T> unused =
        call.result.whenComplete(
            (value, thrown) -> {
              try {
                land(answer, begunUnder, value, thrown);
              } catch (Throwable defect) { // a defect of ours may not leave readers waiting
                answer.completeExceptionally(Calls.failure(defect));
              }
            });
    return answer;
  }

  private void land(
      CompletableFuture<T> answer, long begunUnder, @Nullable T value, @Nullable Throwable thrown) {
    if (value != null) {
      if (publish(answer, begunUnder, value)) {
        owner.published(value);
      }
      answer.complete(value);
    } else {
      SecretException error = Calls.failure(thrown == null ? new NullPointerException() : thrown);
      T stillHeld = fail(answer, begunUnder, error);
      if (stillHeld != null) {
        owner.refreshFailed(stillHeld, error);
      }
      answer.completeExceptionally(error);
    }
  }

  private synchronized boolean publish(CompletableFuture<T> answer, long begunUnder, T value) {
    if (flight == answer) {
      flight = null;
    }
    if (begunUnder != generation || retired) {
      return false;
    }
    forget();
    failuresInRow = 0;
    held = value;
    served = owner.cached(value);
    Duration soft = policy.softAge();
    long early = (long) (soft.toNanos() * policy.jitter() * random.nextDouble());
    refreshAfter(soft.toNanos() - early);
    ringAfter(soft.toNanos(), this::softAgePassed);
    ringAfter(policy.maxStale().toNanos(), this::maxStalePassed);
    return true;
  }

  /** Remembers a failure; returns the answer that is still held. */
  private synchronized @Nullable T fail(
      CompletableFuture<T> answer, long begunUnder, SecretException error) {
    if (flight == answer) {
      flight = null;
    }
    if (begunUnder != generation || retired) {
      return null;
    }
    failure = error;
    failuresInRow++;
    long wait = Policy.backoff(failuresInRow).toNanos();
    wait -= (long) (wait * policy.jitter() * random.nextDouble());
    long asked = error.retryAfter().map(Duration::toNanos).orElse(0L);
    if (held != null) {
      if (pastSoftAge && served != null) {
        served = owner.stale(held, reason(error));
      }
      refreshAfter(Math.max(wait, asked));
      return held;
    }
    long negative = policy.negativeAge().toNanos();
    long remembered = error.retryable() ? Math.min(wait, negative) : negative;
    ringAfter(Math.max(remembered, asked), this::failureForgotten);
    return null;
  }

  private static String reason(SecretException error) {
    return "refresh failed: " + error.kind();
  }

  private synchronized void refreshDue() {
    quiet = touched || watched ? 0 : quiet + refreshWait;
    touched = false;
    if (quiet > policy.idle().toNanos()) {
      served = null; // the next reader takes the slow path, which wakes the entry
    } else {
      refreshInBackground();
    }
  }

  private synchronized void refreshInBackground() {
    if (!retired && flight == null) {
      CompletableFuture<T> unused = begin(false, null); // nobody waits; the landing tells
    }
  }

  private synchronized void softAgePassed() {
    pastSoftAge = true;
    if (held != null && served != null) {
      served = owner.stale(held, failure != null ? reason(failure) : "a refresh is under way");
    }
  }

  private void maxStalePassed() {
    T last;
    synchronized (this) {
      last = held;
      forget();
      retireIfUnused();
    }
    if (last != null) {
      owner.expired(last);
    }
  }

  private synchronized void failureForgotten() {
    failure = null;
    retireIfUnused();
    if (watched) {
      refreshInBackground();
    }
  }

  private void retireIfUnused() {
    if (!watched && held == null && flight == null) {
      retired = true;
      owner.remove(this);
    }
  }

  /** Sets an alarm that rings only while what is held now is held. */
  private @Nullable Future<?> alarm(long nanos, Runnable task) {
    long setFor = holding;
    Runnable guarded =
        () -> {
          if (isHolding(setFor)) {
            task.run();
          }
        };
    try {
      return timer.schedule(guarded, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closing) {
      retired = true; // the timer ends only with the provider
      return null;
    }
  }

  private synchronized boolean isHolding(long setFor) {
    return setFor == holding && !retired;
  }

  private void refreshAfter(long nanos) {
    cancelNextRefresh();
    refreshWait = nanos;
    nextRefresh = alarm(nanos, this::refreshDue);
  }

  private void ringAfter(long nanos, Runnable task) {
    Future<?> alarm = alarm(nanos, task);
    if (alarm != null) {
      alarms.add(alarm);
    }
  }

  private void cancelNextRefresh() {
    if (nextRefresh != null) {
      nextRefresh.cancel(false);
      nextRefresh = null;
    }
  }
}
