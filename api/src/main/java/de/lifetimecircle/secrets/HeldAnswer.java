package de.lifetimecircle.secrets;

import org.jspecify.annotations.Nullable;

/**
 * The answer that one key holds, its age, and the part of it that readers get without asking. The
 * base of {@link Entry}, which decides when to ask; guarded by that entry's monitor.
 *
 * <p>Readers read {@code served} and nothing else: the ticks of {@link Sweep} decide whether an
 * answer is fresh, stale or expired and publish the result there (reading a clock costs four times
 * as much as the read). A {@link Secret} is immutable with final fields, so a thread that sees the
 * reference sees all of it.
 *
 * <p>Ages count from the creation of a load, before the backend was asked, and are the larger of
 * two clocks' figures ({@link ClockReading}). A reader that accepts no age at all gets a load that
 * was created after the reader asked, whatever the clocks say.
 */
abstract class HeldAnswer<T> {

  /** The answer that a reader gets without asking; null if there is something to decide first. */
  volatile @Nullable T served;

  /**
   * Whether somebody read it since this was last asked. A reader raises it when it finds it down,
   * so that the line of memory of a busy name is not written at each read. A lost update costs one
   * refresh, or a place in the order of eviction.
   */
  boolean touched;

  final EntryHost<T> host;

  /** The answer as later readers get it; null while nothing is held. */
  @Nullable T held;

  // When that was asked for, which is before the backend was: a ClockReading without the object.
  private long askedPlace;
  private long askedNanos;
  private long askedSecond;
  private int askedNanoOfSecond;

  private boolean pastSoftAge;

  /**
   * Whether the held answer is past max-stale: no reader gets it, and its event is still to come.
   */
  private boolean isExpired;

  /** Whether it was brought up to news that may be older than itself. */
  private boolean amended;

  /** Why what is held may have been overtaken, in words; null if nothing says so. */
  private @Nullable String doubt;

  /** Whether the cache has let go of this entry; it publishes nothing any more. */
  boolean retired;

  HeldAnswer(EntryHost<T> host) {
    this.host = host;
  }

  /** Whether an answer is held whose soft age is to come. */
  boolean isFresh() {
    return held != null && !pastSoftAge;
  }

  /** Returns the held answer; null if there is none. */
  synchronized @Nullable T heldNow() {
    return held;
  }

  /** Why a held answer is stale after that. */
  static String reason(SecretException error) {
    return "refresh failed: " + error.kind();
  }

  /** The leader failed, so that what follows from it is stale for that reason. */
  synchronized void leaderFailed(SecretException error) {
    markStale(reason(error));
  }

  private ClockReading askedAt() {
    return new ClockReading(askedPlace, askedNanos, askedSecond, askedNanoOfSecond);
  }

  /** When what is held was asked for; null if nothing is. */
  synchronized @Nullable ClockReading asked() {
    return held == null ? null : askedAt();
  }

  /** Whether readers get what is held past its age, or although it may have been overtaken. */
  boolean servesStale() {
    return served != null && (pastSoftAge || doubt != null);
  }

  /** Returns the age of the held answer in nanoseconds; 0 if there is none. */
  long age() {
    return age(host.now());
  }

  /** Returns the age of the held answer at that time. */
  long age(ClockReading now) {
    return held == null ? 0 : ClockReading.between(askedNanos, askedSecond, askedNanoOfSecond, now);
  }

  /**
   * Whether the monotonic clock stood still, or the time of day was set, since it was asked for.
   */
  boolean hasStoodStill(ClockReading now) {
    return age(now) - (now.nanos() - askedNanos) >= Sweep.AGAIN;
  }

  /** Whether something is held that is young enough. */
  boolean isWithin(AcceptedAge age) {
    return held != null && doubt == null && age.accepts(askedAt());
  }

  /** Whether what is held, or news that it was brought up to, is from before that moment. */
  boolean isHeldFromBefore(ClockReading moment) {
    return held != null && (amended || askedAt().isBefore(moment));
  }

  /**
   * Holds and serves an answer. All that can fail comes first: then the entry is as it was before.
   */
  void hold(T value, ClockReading moment) {
    T later = host.cached(value);
    host.publishes(
        held, value); // first, so that a verifier knows a version before anybody signs by it
    host.weighs(held, value);
    pastSoftAge = false;
    isExpired = false;
    amended = false;
    doubt = null;
    held = later;
    askedPlace = moment.place();
    askedNanos = moment.nanos();
    askedSecond = moment.second();
    askedNanoOfSecond = moment.nanoOfSecond();
    serve(later); // never null in between, so that who reads it meets no gap
  }

  /**
   * Holds the same, as brought up to other news.
   *
   * @param reason why it is stale, if it is
   */
  void replace(T changed, String reason) {
    T later = host.cached(changed);
    host.weighs(held, changed);
    held = later;
    amended = true;
    if (served == null) {
      return;
    }
    if (pastSoftAge || doubt != null) {
      serveStale(later, reason);
    } else {
      serve(later);
    }
  }

  /** Serves nothing until the backend was asked: what is held may have been overtaken. */
  void mistrust(String reason) {
    doubt = reason;
    serve(null);
  }

  /** Whether what is held may have been overtaken. */
  boolean isDoubted() {
    return doubt != null;
  }

  /** Holds nothing any more. */
  void drop() {
    served = null; // before anything that can fail
    host.weighs(held, null);
    held = null;
    pastSoftAge = false;
    isExpired = false;
    amended = false;
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

  /** Serves what is held to nobody from now on, whatever follows. */
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
    serve(host.stale(answer, doubt == null ? reason : reason + ", after " + doubt));
  }

  /** Serves again what nobody has read for long; returns whether that was so. */
  boolean wake() {
    if (served != null || held == null || doubt != null || isExpired) {
      return false;
    }
    serve(pastSoftAge ? host.stale(held, "not read for long") : held);
    return true;
  }

  /** Serves nothing until somebody reads, who then wakes it. */
  void idle() {
    serve(null);
  }

  private void serve(@Nullable T answer) {
    served = answer;
    if (answer == null) {
      host.stopsServing();
    }
  }

  /** Whether it was read since this was last asked. */
  boolean wasRead() {
    boolean wasRead = touched;
    touched = false;
    return wasRead;
  }
}
