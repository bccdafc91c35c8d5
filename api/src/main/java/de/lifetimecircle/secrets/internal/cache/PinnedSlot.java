package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.Collection;
import java.util.List;

/** Exactly one version of a name, chosen by its id. */
final class PinnedSlot extends Slot<Secret> {
  private final Entry entry;
  final String version;

  PinnedSlot(Entry entry, String version) {
    super(entry.cache, entry.name);
    this.entry = entry;
    this.version = version;
  }

  @Override
  Object monitor() {
    return entry;
  }

  @Override
  CallExecutor.Call<Secret> load(CallMode mode) {
    return cache.calls.prepare(mode, "get a version of secret", name, this::fetched);
  }

  /** The work of a load. */
  private Secret fetched() {
    return cache.loads.version(name, version);
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
  void remove() {
    entry.remove(this);
  }
}
