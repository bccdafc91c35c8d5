package de.lifetimecircle.secrets.jdbc;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which versions the database accepted and refused, and when: decides which version a caller may
 * try, so that a process causes as few refused logins as possible.
 *
 * <p>Safe for use by several threads. Lock: this; never held during I/O. An <em>outage</em> begins
 * when the database refuses the version that it accepted last, or the first one, and ends with the
 * next accepted login. Invariants: the last good version has no refusal that is younger than its
 * last login; {@code outageBegan} is meaningful only while {@code isOutage}.
 */
final class LoginHistory {
  /** Each further refusal of a version doubles the time until it is tried again, up to this. */
  private static final int MOST_DOUBLINGS = 3;

  private record Refusal(long at, int times) {}

  private final Map<String, Refusal> refusals = new HashMap<>();
  private final LongSupplier nanoTime;
  private final long holdBack;
  private @Nullable String lastGood;
  private long lastGoodBegan;
  private boolean isOutage;
  private long outageBegan;

  /**
   * Creates an empty history.
   *
   * @param holdBack how long a refused version is not tried again
   */
  LoginHistory(LongSupplier nanoTime, Duration holdBack) {
    this.nanoTime = nanoTime;
    this.holdBack = holdBack.toNanos();
  }

  /** The id of the version that was accepted last; null if none was. */
  synchronized @Nullable String lastGood() {
    return lastGood;
  }

  /** Whether the database has never refused this version. */
  synchronized boolean isNew(LoginVersion version) {
    return !refusals.containsKey(version.id());
  }

  /**
   * Whether a caller may try this version now.
   *
   * <p>A refusal from before the outage does not count: the database has changed its mind since. An
   * older version than the current one waits in an outage, because the database most probably has a
   * newer password, which is not to be seen yet.
   */
  synchronized boolean mayTry(LoginVersion version) {
    long now = nanoTime.getAsLong();
    Refusal refusal = refusals.get(version.id());
    if (refusal != null
        && !(isOutage && refusal.at() - outageBegan < 0)
        && now - refusal.at() < heldBack(refusal)) {
      return false;
    }
    boolean waits =
        version.place() == LoginVersion.Place.OLDER
            && lastGood != null
            && !version.id().equals(lastGood)
            && isOutage
            && now - outageBegan < holdBack;
    return !waits;
  }

  private long heldBack(Refusal refusal) {
    return holdBack << Math.min(refusal.times() - 1, MOST_DOUBLINGS);
  }

  /** The database refused a login. */
  synchronized void refused(String id) {
    long now = nanoTime.getAsLong();
    if (!isOutage && (lastGood == null || id.equals(lastGood))) {
      isOutage = true;
      outageBegan = now;
    }
    Refusal before = refusals.get(id);
    refusals.put(id, new Refusal(now, before == null ? 1 : before.times() + 1));
  }

  /**
   * The database accepted a login.
   *
   * @param began when it began; a login that was overtaken by a newer one changes nothing
   * @return whether it was the first with another version than before
   */
  synchronized boolean accepted(String id, long began) {
    Refusal refusal = refusals.get(id);
    if ((refusal != null && refusal.at() - began > 0)
        || (lastGood != null && lastGoodBegan - began > 0)) {
      return false;
    }
    refusals.remove(id);
    isOutage = false;
    boolean isOther = lastGood != null && !id.equals(lastGood);
    lastGood = id;
    lastGoodBegan = began;
    return isOther;
  }

  /** Forgets the refusals of versions that are no longer valid. */
  synchronized void retain(Collection<LoginVersion> valid) {
    refusals.keySet().removeIf(id -> valid.stream().noneMatch(version -> version.id().equals(id)));
  }

  /** How long this outage has lasted, in nanoseconds; empty if there is none. */
  synchronized OptionalLong outage() {
    return isOutage ? OptionalLong.of(nanoTime.getAsLong() - outageBegan) : OptionalLong.empty();
  }
}
