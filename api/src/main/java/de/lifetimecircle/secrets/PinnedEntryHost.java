package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import org.jspecify.annotations.Nullable;

/** The cache as the entry of exactly one version sees it. */
final class PinnedEntryHost extends KeyedEntryHost.OfOne {
  private final Cache.Pin pin;

  PinnedEntryHost(Cache cache, Cache.Pin pin) {
    super(cache, pin.name());
    this.pin = pin;
  }

  @Override
  @Nullable Entry<?> entry() {
    return cache.pinned.get(pin);
  }

  @Override
  public CallExecutor.Call<Secret> load(Patience patience) {
    return cache.calls.prepare(patience, "get a version of secret", name, this::fetched);
  }

  /** The work of a load. */
  private Secret fetched() {
    return cache.loads.version(name, pin.version());
  }

  @Override
  public void remove(Entry<Secret> entry) {
    cache.pinned.remove(pin, entry);
  }
}
