package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cache's state of one name. It inherits the {@link Slot} of the current version, so that a
 * cached {@code get} is one lookup and one field; beside it are the slots of the other versions
 * that callers asked for.
 *
 * <p>All of them change inside this object's monitor, by three rules:
 *
 * <ul>
 *   <li>A current version is in the held list before it is served, and the list is asked for again
 *       after each answer ({@link #announce}). So a refresh of a name costs one call more once a
 *       caller has asked for its versions, and an outage none.
 *   <li>A list that names another current version is served together with that version ({@link
 *       VersionsSlot#agreeing}).
 *   <li>An answer replaces only what was published before it was asked for, since it is unknown
 *       which of two is newer that were on their way together. A list that a value has crossed is
 *       served with that value and asked for again; a value that a list has crossed is asked for
 *       again if they differ ({@link #isCrossed}).
 * </ul>
 */
public final class Entry extends Slot<Secret> {

  /** The versions that there are; null until a caller asks for any. */
  volatile @Nullable VersionsSlot versions;

  /** The versions that were asked for by their id; null until a caller does. */
  private volatile @Nullable Map<String, PinnedSlot> pinned;

  /** How many handles and listeners want the name to be fresh though no caller reads it. */
  private int watchers;

  /**
   * Which versions were served; null while the one that is held is the first and the only one, as
   * for most names.
   */
  private @Nullable VersionHistory remembered;

  Entry(Cache cache, String name) {
    super(cache, name);
  }

  @Override
  Object monitor() {
    return this;
  }

  // ---- the other questions; null if the entry is retired

  /** The slot of the versions that there are. */
  @Nullable VersionsSlot versionsSlot() {
    synchronized (this) {
      VersionsSlot known = versions;
      if (known == null && !retired) {
        known = new VersionsSlot(this);
        versions = known;
      }
      return known;
    }
  }

  /** The slot of exactly that version, if a caller has asked for it. */
  @Nullable PinnedSlot knownSlot(String version) {
    Map<String, PinnedSlot> known = pinned;
    return known == null ? null : known.get(version);
  }

  /** The slot of exactly that version. */
  @Nullable PinnedSlot pinnedSlot(String version) {
    synchronized (this) {
      if (retired) {
        return null;
      }
      Map<String, PinnedSlot> known = pinned;
      if (known == null) {
        known = new ConcurrentHashMap<>();
        pinned = known;
      }
      PinnedSlot slot = known.get(version);
      if (slot == null) {
        slot = new PinnedSlot(this, version);
        known.put(version, slot);
      }
      return slot;
    }
  }

  /** Lets go of a slot; called by it, inside the monitor. */
  void remove(Slot<?> other) {
    Map<String, PinnedSlot> known = pinned;
    if (other == versions) {
      versions = null;
    } else if (known != null && other instanceof PinnedSlot slot) {
      known.remove(slot.version, slot);
      pinned = known.isEmpty() ? null : known;
    }
    if (!isScheduled()) { // else it retires when its time comes
      retire();
    }
  }

  /** Does that to each slot, outside of the monitor. */
  void each(Consumer<Slot<?>> work) {
    work.accept(this);
    VersionsSlot list = versions;
    if (list != null) {
      work.accept(list);
    }
    Map<String, PinnedSlot> known = pinned;
    if (known != null) {
      known.values().forEach(work);
    }
  }

  /**
   * The backend was changed: what is held of the name and its loads under way are older than that.
   *
   * @param doubt as in {@link Slot#changed}
   */
  void changedBy(@Nullable String doubt) {
    synchronized (this) {
      each(Slot::changing); // all of them first, since the rest may fail
      each(slot -> slot.changed(doubt));
    }
    each(Slot::begin);
  }

  // ---- watchers

  @Override
  boolean isWatched() {
    return watchers > 0;
  }

  /** Keeps the name fresh though no caller reads it; returns false if the entry is retired. */
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

  /** Ends what one {@link #watch} began. */
  public void unwatch() {
    synchronized (this) {
      watchers--;
    }
  }

  // ---- the current version

  @Override
  CallExecutor.Call<Secret> load(CallMode mode) {
    return cache.calls.prepare(mode, "get secret", name, this::fetched);
  }

  /** The work of a load; the monitor is not held. */
  private Secret fetched() {
    return cache.loads.current(this, served);
  }

  /** The version that an answer seems to be older than; null if there is nothing to suspect. */
  VersionHistory.@Nullable Version newerThan(VersionHistory.Version answer) {
    VersionHistory known;
    synchronized (this) {
      known = served(held);
    }
    return known.newerThan(answer);
  }

  /** As {@link #newerThan}, but nothing to suspect if another version was published since then. */
  VersionHistory.@Nullable Version newerThan(VersionHistory.Version answer, Timestamp begun) {
    synchronized (this) {
      return wasPublishedSince(begun) ? null : newerThan(answer);
    }
  }

  @Override
  Collection<Secret> all(Secret answer) {
    return List.of(answer);
  }

  @Override
  Secret cached(Secret fresh) {
    return EngineAccess.types().cached(fresh);
  }

  @Override
  Secret stale(Secret fresh, String reason) {
    return EngineAccess.types().asStale(fresh, reason);
  }

  @Override
  boolean isCrossed(Secret fresh, Timestamp moment) {
    VersionsSlot list = versions;
    return held != null
        ? wasPublishedSince(moment) && !held.equals(fresh)
        : list != null && list.wasPublishedSince(moment) && list.namesAnother(fresh);
  }

  @Override
  void publishes(@Nullable Secret before, Secret fresh) {
    if (remembered != null || (before != null && !before.equals(fresh))) {
      VersionHistory known = remembering(before);
      String displaced = displaced(before, fresh, known);
      if (displaced != null) { // first: if it cannot be recorded, the next load tries again
        record(SecretEvent.Type.ROTATED, displaced, fresh.version(), null);
        cache.parts.metrics().rotated();
      }
      known.serve(fresh);
    }
    VersionsSlot list = versions;
    if (list != null) { // before this is served: a verifier knows a version before anybody signs
      list.amendWith(fresh);
    }
  }

  /**
   * The version that ends with this answer; null if none does. The same id with other bytes is a
   * version that was made again. With the same bytes no listener has to do anything, whatever the
   * time of the version: AWS tells that of the secret in a batch.
   */
  private static @Nullable String displaced(
      @Nullable Secret before, Secret fresh, VersionHistory known) {
    if (before == null) {
      return known.displacedBy(fresh);
    }
    return before.equals(fresh) ? null : before.version();
  }

  /** The versions served, up to the one that is held. */
  private VersionHistory served(@Nullable Secret last) {
    VersionHistory known = remembered;
    return known != null ? known : VersionHistory.startingWith(last);
  }

  private VersionHistory remembering(@Nullable Secret last) {
    VersionHistory known = served(last);
    remembered = known;
    return known;
  }

  @Override
  void weighs(@Nullable Secret before, @Nullable Secret after) {
    if (before != null && after == null) { // nothing else knows it from now on
      var unused = remembering(before);
    }
    super.weighs(before, after);
  }

  @Override
  void acceptAnyVersion() {
    remembering(held).overtaken();
  }

  @Override
  void refreshFailed(Secret answer, SecretException error) {
    VersionsSlot list = versions;
    if (list != null) {
      list.markStale(reason(error));
    }
    SecretEvent.Type type =
        error.kind() == SecretException.Kind.INVALID_VALUE
            ? SecretEvent.Type.VALUE_REJECTED
            : SecretEvent.Type.REFRESH_FAILED;
    record(type, answer.version(), null, error.kind());
  }

  @Override
  void expired(Secret answer) {
    record(SecretEvent.Type.EXPIRED, answer.version(), null, null);
  }

  private void record(
      SecretEvent.Type type,
      String version,
      @Nullable String newVersion,
      SecretException.@Nullable Kind failure) {
    cache.events.record(EngineAccess.types().event(type, name, version, newVersion, failure), this);
  }

  @Override
  void stopsServing() {
    VersionsSlot list = versions;
    if (list != null) { // the end of an answer is no reason to ask a failing backend sooner
      list.leaderStopped(failure != null ? CachePolicy.LONGEST_BACKOFF.toNanos() : 0);
    }
  }

  /** As that of every slot; and the list is asked for again if it is older than this answer. */
  @Override
  void announce() {
    super.announce();
    VersionsSlot list = versions;
    if (list != null) {
      list.askIfOlder();
    }
  }

  /** Serves the version that a list names which was asked for then. */
  void publishListed(Secret news, Timestamp listAsked) {
    Load<Secret> load = underWay;
    if (load != null && load.asked.isBefore(listAsked)) {
      underWay = null;
    }
    publish(news, listAsked);
    if (underWay != null && underWay.isRefresh) {
      acceptAnyVersion(); // that is still to come
    }
  }

  // ---- its place in the cache

  /** Not while a list is on its way, which has to agree with the version that is held. */
  @Override
  boolean evict() {
    synchronized (this) {
      VersionsSlot list = versions;
      return (list == null || list.underWay == null) && super.evict();
    }
  }

  @Override
  boolean isNeeded() {
    return super.isNeeded() || versions != null || pinned != null;
  }

  @Override
  void remove() {
    cache.remove(this);
  }
}
