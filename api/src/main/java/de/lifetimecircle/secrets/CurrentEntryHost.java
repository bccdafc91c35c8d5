package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import org.jspecify.annotations.Nullable;

/**
 * The cache as the entry of a name's current version sees it. This entry's news goes to listeners
 * and, if somebody has asked for them, to the known versions of the name.
 */
final class CurrentEntryHost extends KeyedEntryHost.OfOne {
  /**
   * Which versions were served; null while the one that is held is the first and the only one, as
   * for most names. Written inside the entry's monitor.
   */
  private volatile @Nullable ServedVersions remembered;

  CurrentEntryHost(Cache cache, String name) {
    super(cache, name);
  }

  @Override
  @Nullable Entry<?> entry() {
    return cache.current.get(name);
  }

  @Override
  public CallExecutor.Call<Secret> load(Patience patience) {
    return cache.calls.prepare(patience, "get secret", name, this::fetched);
  }

  /** The work of a load. */
  private Secret fetched() {
    Entry<Secret> entry = cache.current.get(name);
    return cache.loads.current(
        name, entry == null ? null : entry.served, cache.servedVersions(name));
  }

  @Override
  public void publishes(@Nullable Secret before, Secret fresh) {
    Entry<KnownVersions> followers = cache.versions.get(name);
    if (followers != null) {
      followers.amend(fresh);
    }
    if (remembered != null || (before != null && !before.equals(fresh))) {
      ServedVersions versions = remembering(before);
      String displaced = displaced(before, fresh, versions);
      if (displaced != null) { // first: if it cannot be recorded, the next load tries again
        cache.events.record(SecretEvent.rotated(name, displaced, fresh.version()));
        cache.parts.metrics().rotated();
      }
      versions.serve(fresh);
    }
  }

  /**
   * The version that ends with this answer; null if none does. The same id with other bytes is a
   * version that was made again. With the same bytes nobody has to do anything, whatever the time
   * of the version: AWS tells that of the secret in a batch.
   */
  private static @Nullable String displaced(
      @Nullable Secret before, Secret fresh, ServedVersions versions) {
    if (before == null) {
      return versions.displacedBy(fresh);
    }
    return before.equals(fresh) ? null : before.version();
  }

  /** The versions served, up to the one that is held. */
  ServedVersions served(@Nullable Secret held) {
    ServedVersions known = remembered;
    return known != null ? known : ServedVersions.startingWith(held);
  }

  private ServedVersions remembering(@Nullable Secret held) {
    ServedVersions known = served(held);
    remembered = known;
    return known;
  }

  @Override
  public void weighs(@Nullable Secret before, @Nullable Secret after) {
    if (before != null && after == null) { // nothing else knows it from now on
      var unused = remembering(before);
    }
    super.weighs(before, after);
  }

  @Override
  public void stopsServing() {
    Entry<KnownVersions> followers = cache.versions.get(name);
    Entry<Secret> entry = cache.current.get(name);
    if (followers != null) { // the end of an answer is no reason to ask a failing backend sooner
      boolean fails = entry != null && entry.failure != null;
      followers.leaderStopped(fails ? CachePolicy.LONGEST_BACKOFF.toNanos() : 0);
    }
  }

  @Override
  public void refreshFailed(Secret held, SecretException error) {
    Entry<KnownVersions> followers = cache.versions.get(name);
    if (followers != null) {
      followers.leaderFailed(error);
    }
    cache.events.record(SecretEvent.failed(name, held.version(), error.kind()));
  }

  @Override
  public void expired(Secret held) {
    cache.events.record(SecretEvent.expired(name, held.version()));
  }

  @Override
  public void overtaken(@Nullable Secret held) {
    remembering(held).overtaken();
  }

  /** The list of versions is asked for again after each answer of this entry. */
  @Override
  public void announce() {
    super.announce();
    Entry<KnownVersions> followers = cache.versions.get(name);
    Entry<Secret> entry = cache.current.get(name);
    ClockReading asked = followers == null || entry == null ? null : entry.asked();
    if (followers != null && asked != null) {
      followers.askSince(asked);
    }
  }

  @Override
  public void remove(Entry<Secret> entry) {
    cache.current.remove(name, entry);
  }
}
