package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The versions that there are of a name, as one list of the backend's shows them. It agrees with
 * the current version that the name's {@link Entry} serves, which also leads it: while that is
 * served, its refreshes bring those of this slot.
 */
final class VersionsSlot extends Slot<VersionList> {
  final RequestedVersions wanted = new RequestedVersions();
  private final Entry entry;

  VersionsSlot(Entry entry) {
    super(entry.cache, entry.name);
    this.entry = entry;
  }

  @Override
  Object monitor() {
    return entry;
  }

  @Override
  CallExecutor.Call<VersionList> load(CallMode mode) {
    return cache.calls.prepare(mode, "get the versions of secret", name, this::fetched);
  }

  /**
   * The work of a load; the monitor is not held. A list that is older than the version served
   * before is an error; one that is older than a version published since is brought up to it where
   * it lands. If it names another current version than the one that is held, the value of that is
   * read as well: without it, the list could not be served.
   */
  private VersionList fetched() {
    Timestamp begun = now();
    Secret current = entry.heldNow();
    VersionList before = heldNow();
    return cache.loads.versions(
        entry, begun, wanted, current, version -> value(version, current, before));
  }

  private static @Nullable Secret value(
      SecretVersion version, @Nullable Secret current, @Nullable VersionList before) {
    if (current != null
        && current.version().equals(version.id())
        && VersionHistory.created(current).equals(version.created())) {
      return current;
    }
    return before == null ? null : before.value(version);
  }

  @Override
  VersionList agreeing(VersionList fresh, Timestamp moment) {
    Secret current = entry.held;
    if (current == null) {
      return fresh;
    }
    if (entry.wasPublishedSince(moment)) {
      return fresh.withCurrent(current);
    }
    Secret listed = fresh.value(VersionSelector.current());
    // By its bytes: the times of a list and of a read differ on some stand-ins.
    if (listed != null && !listed.equals(current)) {
      entry.publishListed(listed, moment);
    }
    return fresh;
  }

  // ---- what the entry of the current version tells, inside the monitor

  /** Whether the held list names another current version. */
  boolean namesAnother(Secret current) {
    return held != null && held.withCurrent(current) != held;
  }

  /** A current version is about to be served. A list on its way is amended when it lands. */
  void amendWith(Secret current) {
    if (held != null) {
      VersionList changed = held.withCurrent(current);
      if (changed != held) {
        amend(changed, staleReason());
      }
    }
  }

  /**
   * The current version is not served any more: from now on this slot asks at its own times, the
   * first time after at least so many nanoseconds.
   */
  void leaderStopped(long atLeast) {
    if (!retired && held != null) {
      refreshAfter(Math.max(atLeast, policy().softAge().toNanos() - age(now())));
    }
  }

  /** As that of every slot; and asks again if a value has come that the list is older than. */
  @Override
  void announce() {
    super.announce();
    if (!fails()) {
      askIfOlder();
    }
  }

  /** Asks again if the list is older than the held current version; outside of the monitor. */
  void askIfOlder() {
    synchronized (entry) {
      Timestamp current = entry.asked;
      if (asked != null && current != null && (isAmended || asked.isBefore(current))) {
        refreshInBackground();
      }
    }
    begin();
  }

  /**
   * Not after a failure of this slot alone, nor while that of the current version is no outage, as
   * where its version has no value: then this one tries again by itself.
   */
  @Override
  boolean isLed() {
    if (entry.served == null) {
      return false;
    }
    SecretException failed = entry.failure;
    return failed == null ? !fails() : failed.retryable();
  }

  @Override
  @Nullable SecretException causeOfStaleness() {
    return failure != null ? failure : entry.failure;
  }

  // ---- its kind

  @Override
  Collection<Secret> all(VersionList answer) {
    return answer.values();
  }

  @Override
  VersionList cached(VersionList fresh) {
    return fresh.labelled(EngineAccess.types()::cached);
  }

  @Override
  VersionList stale(VersionList fresh, String reason) {
    return fresh.labelled(secret -> EngineAccess.types().asStale(secret, reason));
  }

  @Override
  void remove() {
    entry.remove(this);
  }
}
