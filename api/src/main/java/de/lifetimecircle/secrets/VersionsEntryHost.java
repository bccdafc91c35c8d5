package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cache as the entry of a name's versions sees it. The entry of the current version leads it:
 * each of its answers is known here before it is served, and has the list asked for again. If the
 * list names another current version, the leader learns that before the list is served. So the two
 * contradict each other in no order of reading.
 */
final class VersionsEntryHost extends KeyedEntryHost<KnownVersions> {
  final WantedVersions wanted = new WantedVersions();

  VersionsEntryHost(Cache cache, String name) {
    super(cache, name);
  }

  @Override
  Collection<Secret> all(KnownVersions held) {
    return held.values();
  }

  @Override
  @Nullable Entry<?> entry() {
    return cache.versions.get(name);
  }

  @Override
  public CallExecutor.Call<KnownVersions> load(Patience patience) {
    return cache.calls.prepare(patience, "get the versions of secret", name, this::fetched);
  }

  /** The work of a load; no monitor is held. */
  private KnownVersions fetched() {
    Entry<Secret> leader = cache.current.get(name);
    Entry.Mark<Secret> before = leader == null ? null : leader.mark();
    Secret current = leader == null ? null : leader.heldNow();
    Entry<KnownVersions> own = cache.versions.get(name);
    KnownVersions held = own == null ? null : own.heldNow();
    ClockReading asked = now();
    KnownVersions known =
        cache.loads.versions(
            name, wanted, version -> held(version, current, held), cache.servedVersions(name));
    if (leader != null && before != null && current != null) {
      teach(leader, before, current, known, asked);
    }
    return known;
  }

  private static @Nullable Secret held(
      SecretVersion version, @Nullable Secret current, @Nullable KnownVersions held) {
    if (current != null
        && current.version().equals(version.id())
        && current.createdOrEpoch().equals(version.created())) {
      return current;
    }
    return held == null ? null : held.value(version);
  }

  /** Lets the leader know of the current version that the list names, if it serves another one. */
  private void teach(
      Entry<Secret> leader,
      Entry.Mark<Secret> before,
      Secret current,
      KnownVersions known,
      ClockReading asked) {
    Optional<SecretVersion> listed = known.pick(VersionSelector.current());
    if (listed.isEmpty()) {
      return;
    }
    Secret value = known.value(listed.get());
    // By its bytes if it was read: the times of a list and of a read differ on some stand-ins.
    boolean isServed = value == null || value.equals(current);
    if (isServed && listed.get().id().equals(current.version())) {
      return;
    }
    // If it cannot be read, neither is the list served, which would contradict the leader.
    Secret news = value != null ? value : cache.loads.version(name, listed.get().id());
    leader.learn(before, news, asked);
    leader.host.announce();
  }

  @Override
  public @Nullable Entry<?> leader() {
    return cache.current.get(name);
  }

  @Override
  public KnownVersions amended(KnownVersions held, Secret news) {
    return held.withCurrent(news);
  }

  @Override
  public KnownVersions cached(KnownVersions fresh) {
    return fresh.labelled(Secret::cached);
  }

  @Override
  public KnownVersions stale(KnownVersions fresh, String reason) {
    return fresh.labelled(secret -> secret.asStale(reason));
  }

  @Override
  public void remove(Entry<KnownVersions> entry) {
    cache.versions.remove(name, entry);
  }
}
