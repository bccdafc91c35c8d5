package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.internal.call.Sweep;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is held, its age, and the part of it that readers get without asking. The base of
 * {@link Slot}, which decides when to ask; guarded by its {@link #monitor}.
 *
 * <p>Readers read {@code served} and nothing else: the ticks of {@link Sweep} decide whether an
 * answer is fresh, stale or expired and publish the result there (reading a clock costs four times
 * as much as the read). A {@link Secret} is immutable with final fields, so a thread that sees the
 * reference sees all of it.
 *
 * <p>Ages count from the creation of a load, before the backend was asked, and are the larger of
 * two clocks' figures ({@link Timestamp}). A reader that accepts no age at all gets a load that was
 * created after the reader asked, whatever the clocks say.
 */
abstract class CachedAnswer<T> {

  /** The answer that a reader gets without asking; null if there is something to decide first. */
  volatile @Nullable T served;

  /**
   * Whether a reader read it since this was last asked. A reader raises it when it finds it down,
   * so that the line of memory of a busy name is not written at each read. A lost update costs one
   * refresh, or a place in the order of eviction.
   */
  boolean touched;

  /** The answer as later readers get it; null while nothing is held. */
  @Nullable T held;

  /** When that was asked for, which is before the backend was; null while nothing is held. */
  @Nullable Timestamp asked;

  /** When it was published, by the order of all {@link Timestamp}s. */
  private long publishedPlace;

  private boolean pastSoftAge;

  /**
   * Whether the held answer is past max-stale: no reader gets it, and its event is still to come.
   */
  private boolean isExpired;

  /**
   * Whether it was changed by news that may be older than itself, so that it is to be asked for.
   */
  boolean isAmended;

  /** Why what is held may have been overtaken, in words; null if nothing says so. */
  private @Nullable String doubt;

  /**
   * The name's {@link Entry}, whose monitor guards all questions about the name. A method, since a
   * field would take eight bytes for each name.
   */
  abstract Object monitor();

  // ---- of a kind of answer; called inside the monitor

  /** The answer as a later reader gets it. */
  abstract T cached(T fresh);

  /** The answer as a reader gets it past its age. */
  abstract T stale(T fresh, String reason);

  /** An answer is about to be served: records it, and brings what follows from it up to it. */
  void publishes(@Nullable T before, T fresh) {}

  /** An answer was published, or a held answer was dropped. */
  abstract void weighs(@Nullable T before, @Nullable T after);

  /** Nothing is served any more until the next read. */
  void stopsServing() {}

  // ---- what is held

  /** Whether an answer is held whose soft age is to come. */
  boolean isFresh() {
    return held != null && !pastSoftAge;
  }

  /** Returns the held answer; null if there is none. */
  @Nullable T heldNow() {
    synchronized (monitor()) {
      return held;
    }
  }

  /** Returns when what is held was asked for; null if nothing is. */
  @Nullable Timestamp askedNow() {
    synchronized (monitor()) {
      return asked;
    }
  }

  /** Whether readers get what is held past its age, or although it may have been overtaken. */
  boolean servesStale() {
    return served != null && (pastSoftAge || doubt != null);
  }

  /** Returns the age of the held answer at that time in nanoseconds; 0 if there is none. */
  long age(Timestamp now) {
    return asked == null ? 0 : asked.until(now);
  }

  /**
   * Whether the monotonic clock stood still, or the time of day was set, since it was asked for.
   */
  boolean hasStoodStill(Timestamp now) {
    return asked != null && age(now) - (now.nanos() - asked.nanos()) >= Sweep.AGAIN;
  }

  /** Whether something is held that is young enough. */
  boolean isWithin(MaxAge age) {
    return asked != null && doubt == null && age.accepts(asked);
  }

  /** Whether what is held was asked for after that. */
  boolean isNewerThan(Timestamp moment) {
    return asked != null && moment.isBefore(asked);
  }

  /** Whether something was published that a question of that moment could not know of. */
  boolean wasPublishedSince(Timestamp moment) {
    return held != null && publishedPlace > moment.place();
  }

  /** Whether what is held may have been overtaken. */
  boolean isDoubted() {
    return doubt != null;
  }

  /** Whether it was read since this was last asked. */
  boolean wasRead() {
    boolean wasRead = touched;
    touched = false;
    return wasRead;
  }

  // ---- changes

  /** Holds and serves an answer. All that can fail comes first: then this is as it was before. */
  void hold(T value, Timestamp moment) {
    T later = cached(value);
    publishes(held, value); // first, so that a verifier knows a version before anybody signs by it
    weighs(held, value);
    pastSoftAge = false;
    isExpired = false;
    isAmended = false;
    doubt = null;
    held = later;
    asked = moment;
    publishedPlace = Timestamp.nextPlace();
    serve(later); // never null in between, so that who reads it meets no gap
  }

  /**
   * Holds the same, as changed by other news, until it was asked for again.
   *
   * @param reason why it is stale, if it is
   */
  void amend(T changed, String reason) {
    T later = cached(changed);
    T shown =
        served == null ? null : pastSoftAge || doubt != null ? stale(later, why(reason)) : later;
    weighs(held, changed);
    held = later;
    isAmended = true;
    if (shown != null) {
      served = shown;
    }
  }

  /**
   * Serves nothing, whatever follows, until the backend was asked. Allocates nothing, and cannot
   * fail.
   */
  void suspect() {
    doubt = held == null ? null : "a change";
    served = null;
  }

  /** Serves nothing until the backend was asked: what is held may have been overtaken. */
  void mistrust(String reason) {
    doubt = reason;
    serve(null);
  }

  /** Holds nothing any more. */
  void drop() {
    served = null; // before anything that can fail
    weighs(held, null);
    held = null;
    asked = null;
    pastSoftAge = false;
    isExpired = false;
    isAmended = false;
    doubt = null;
    serve(null);
  }

  /** The soft age has passed. */
  void softAgePassed(String reason) {
    if (held != null && served != null) {
      serveStale(held, reason);
    }
    pastSoftAge = true; // last, so that it is done again if that failed
  }

  /** Serves what is held to no reader from now on, whatever follows. */
  void expire() {
    isExpired = true;
    served = null;
  }

  /** Serves what is held as stale, if it is past its age and served at all. */
  void markStale(String reason) {
    if (pastSoftAge && held != null && served != null) {
      serveStale(held, reason);
    }
  }

  /** Serves what is held as stale after a load failed: past its age as above, or if in doubt. */
  void loadFailed(T answer, String reason) {
    if (doubt != null) {
      serveStale(answer, reason);
    } else {
      markStale(reason);
    }
  }

  private void serveStale(T answer, String reason) {
    serve(stale(answer, why(reason)));
  }

  private String why(String reason) {
    return doubt == null ? reason : reason + ", after " + doubt;
  }

  /** Serves again what no reader has read for long; returns whether that was so. */
  boolean wake() {
    if (served != null || held == null || doubt != null || isExpired) {
      return false;
    }
    serve(pastSoftAge ? stale(held, "not read for long") : held);
    return true;
  }

  /** Serves nothing until a reader comes, who then wakes it. */
  void idle() {
    serve(null);
  }

  private void serve(@Nullable T answer) {
    served = answer;
    if (answer == null) {
      stopsServing();
    }
  }
}
