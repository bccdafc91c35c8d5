package de.lifetimecircle.secrets.jdbc;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which logins the database accepted and refused, and when: decides which one a caller may try, so
 * that a process causes as few refused logins as possible.
 *
 * <p>By login and not by the id of its version, because two versions can have the same password: on
 * AWS the step {@code retire} stores a copy of the current one.
 *
 * <p>Safe for use by several threads. Lock: this; never held during I/O. An <em>outage</em> begins
 * when the database refuses the login that it accepted last, or the first one, and ends with the
 * next accepted login. Invariants: the last good version has no refusal that is younger than its
 * last login; {@code outageBegan} is meaningful only while {@code isOutage}.
 */
final class LoginHistory {
  /** Each further refusal of a version doubles the time until it is tried again, up to this. */
  private static final int MOST_DOUBLINGS = 3;

  /**
   * The refused logins of an outage after which only the current version is tried. A secret has no
   * more valid versions; with two secrets there are up to five pairs.
   */
  private static final int MOST_REFUSED = 3;

  /** Logins from before the last good one. Each holds a password, so only what a rotation needs. */
  private static final int MOST_FORMER = 4;

  private record Refusal(long at, int times) {}

  private final Map<DatabaseLogin, Refusal> refusals = new HashMap<>();
  private final Set<DatabaseLogin> former = new LinkedHashSet<>();
  private final Map<String, Long> locked = new HashMap<>();
  private final LongSupplier nanoTime;
  private final long holdBack;
  private @Nullable DatabaseLogin lastGood;
  private long lastGoodBegan;
  private boolean isOutage;
  private long outageBegan;
  private boolean hasDoubted;
  private long doubted;

  /**
   * Creates an empty history.
   *
   * @param holdBack how long a refused version is not tried again
   */
  LoginHistory(LongSupplier nanoTime, Duration holdBack) {
    this.nanoTime = nanoTime;
    this.holdBack = holdBack.toNanos();
  }

  /** The login that was accepted last; null if none was. */
  synchronized @Nullable DatabaseLogin lastGood() {
    return lastGood;
  }

  /** Whether the database accepted this login until it accepted another one. */
  synchronized boolean isFormer(DatabaseLogin login) {
    return former.contains(login);
  }

  /** Whether the database has never refused this login, and its user is not locked. */
  synchronized boolean isNew(DatabaseLogin login, LoginVersion.Place place) {
    return !refusals.containsKey(login) && !isLocked(login.user()) && !isOneTooMany(login, place);
  }

  /**
   * Whether this outage has had so many refused logins, within the time in which none of them is
   * tried again, that another guess may lock an account.
   */
  private boolean isOneTooMany(DatabaseLogin login, LoginVersion.Place place) {
    if (!isOutage || place == LoginVersion.Place.CURRENT || login.equals(lastGood)) {
      return false;
    }
    long now = nanoTime.getAsLong();
    long refused =
        refusals.values().stream()
            .filter(each -> each.at() - outageBegan >= 0 && now - each.at() < holdBack)
            .count();
    return refused >= MOST_REFUSED;
  }

  /** Whether the database said a short time ago that no password opens this account. */
  synchronized boolean isLocked(String user) {
    Long since = locked.get(user);
    return since != null && nanoTime.getAsLong() - since < holdBack;
  }

  /**
   * Whether a call may take a failure for a refusal that the driver hides, and so try other
   * versions: one call within that time, because most often the database is just away.
   */
  synchronized boolean mayDoubt(Duration pause) {
    long now = nanoTime.getAsLong();
    if (hasDoubted && now - doubted < pause.toNanos()) {
      return false;
    }
    hasDoubted = true;
    doubted = now;
    return true;
  }

  /**
   * Whether a caller may try this login now.
   *
   * <p>A refusal from before the outage does not count: the database has changed its mind since. An
   * older version than the current one waits in an outage, because the database most probably has a
   * newer password, which is not to be seen yet.
   */
  synchronized boolean mayTry(DatabaseLogin login, LoginVersion.Place place) {
    long now = nanoTime.getAsLong();
    Refusal refusal = refusals.get(login);
    if (isLocked(login.user()) || isOneTooMany(login, place)) {
      return false;
    }
    if (refusal != null
        && !(isOutage && refusal.at() - outageBegan < 0)
        && now - refusal.at() < heldBack(refusal)) {
      return false;
    }
    boolean waits =
        place == LoginVersion.Place.OLDER
            && lastGood != null
            && !login.equals(lastGood)
            && isOutage
            && now - outageBegan < holdBack;
    return !waits;
  }

  private long heldBack(Refusal refusal) {
    return holdBack << Math.min(refusal.times() - 1, MOST_DOUBLINGS);
  }

  /** The database refused a login, for that reason. */
  synchronized void refused(DatabaseLogin login, LoginRefusal why) {
    long now = nanoTime.getAsLong();
    if (why == LoginRefusal.LOCKED) {
      locked.put(login.user(), now);
    }
    if (!isOutage && (lastGood == null || login.equals(lastGood))) {
      isOutage = true;
      outageBegan = now;
    }
    Refusal before = refusals.get(login);
    refusals.put(login, new Refusal(now, before == null ? 1 : before.times() + 1));
  }

  /**
   * The database accepted a login.
   *
   * @param began when it began; a login that was overtaken by a newer one changes nothing
   * @return whether it was the first with another version than before
   */
  synchronized boolean accepted(DatabaseLogin login, long began) {
    Refusal refusal = refusals.get(login);
    if ((refusal != null && refusal.at() - began > 0)
        || (lastGood != null && lastGoodBegan - began > 0)) {
      return false;
    }
    refusals.remove(login);
    locked.remove(login.user());
    isOutage = false;
    hasDoubted = false;
    boolean isOther = lastGood != null && !login.equals(lastGood);
    if (isOther) {
      former.add(lastGood);
      if (former.size() > MOST_FORMER) {
        former.remove(former.iterator().next());
      }
    }
    former.remove(login);
    lastGood = login;
    lastGoodBegan = began;
    return isOther;
  }

  /** Forgets what happened to logins that are no longer valid. */
  synchronized void retain(Set<DatabaseLogin> valid) {
    refusals.keySet().retainAll(valid);
    former.retainAll(valid);
  }

  /** How long this outage has lasted, in nanoseconds; empty if there is none. */
  synchronized OptionalLong outage() {
    return isOutage ? OptionalLong.of(nanoTime.getAsLong() - outageBegan) : OptionalLong.empty();
  }
}
