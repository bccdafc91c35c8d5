package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.Calls.Patience;
import java.util.function.Supplier;

/** The cache as the entry of exactly one version sees it. */
final class PinnedOwner extends KeyOwner.OfOne implements Supplier<Secret> {
  private final Cache.Pin pin;

  PinnedOwner(Cache cache, Cache.Pin pin) {
    super(cache, pin.name());
    this.pin = pin;
  }

  @Override
  public Calls.Call<Secret> load(Patience patience) {
    return cache.calls.prepare(patience, "get a version of secret", name, this);
  }

  /** The work of a load. */
  @Override
  public Secret get() {
    return cache.loads.version(name, pin.version());
  }

  @Override
  public void remove(Entry<Secret> entry) {
    cache.pinned.remove(pin, entry);
  }
}
