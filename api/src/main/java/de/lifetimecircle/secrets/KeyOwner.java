package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.Calls.Patience;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the entries of all maps of the cache have in common: names, figures, room, time. */
abstract class KeyOwner<T> implements EntryOwner<T> {
  final Cache cache;
  final String name;

  KeyOwner(Cache cache, String name) {
    this.cache = cache;
    this.name = name;
  }

  /** The secrets in one answer. */
  abstract Collection<Secret> all(T held);

  @Override
  public @Nullable Consumer<@Nullable SecretException> recording(Patience patience) {
    return cache.wiring.meter.recording(name, patience);
  }

  @Override
  public void loaded(Patience patience, long begun, @Nullable SecretException error) {
    cache.wiring.meter.loaded(name, patience, begun, error);
  }

  @Override
  public Moment now() {
    return cache.wiring.now();
  }

  @Override
  public void weighs(@Nullable T before, @Nullable T after) {
    cache.room.change(
        before == null ? List.of() : all(before), after == null ? List.of() : all(after));
  }

  @Override
  public void announce() {
    cache.handles.sweep();
    cache.room.make();
    cache.gapWatch.start();
    cache.events.deliver();
  }

  @Override
  public void overwrite(T held) {
    for (Secret secret : all(held)) {
      secret.value().overwrite();
    }
  }

  /** An owner whose answer is one secret. */
  abstract static class OfOne extends KeyOwner<Secret> {
    OfOne(Cache cache, String name) {
      super(cache, name);
    }

    @Override
    Collection<Secret> all(Secret held) {
      return List.of(held);
    }

    @Override
    public Secret cached(Secret fresh) {
      return fresh.cached();
    }

    @Override
    public Secret stale(Secret fresh, String reason) {
      return fresh.asStale(reason);
    }
  }
}
