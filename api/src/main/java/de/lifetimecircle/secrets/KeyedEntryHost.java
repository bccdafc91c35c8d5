package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The common services for the entries of all maps of the cache: names, figures, bounds, time. */
abstract class KeyedEntryHost<T> implements EntryHost<T> {
  final Cache cache;
  final String name;

  KeyedEntryHost(Cache cache, String name) {
    this.cache = cache;
    this.name = name;
  }

  /** The entry in the map of this host's key; null if there is none. */
  abstract @Nullable Entry<?> entry();

  /** The secrets in one answer. */
  abstract Collection<Secret> all(T held);

  @Override
  public @Nullable Consumer<@Nullable SecretException> recording(Patience patience) {
    return cache.parts.metrics().recording(name, patience);
  }

  @Override
  public void loaded(Patience patience, long begun, @Nullable SecretException error) {
    cache.parts.metrics().loaded(name, patience, begun, error);
  }

  @Override
  public EntryParts parts() {
    return cache.entryParts;
  }

  @Override
  public ClockReading now() {
    return cache.parts.now();
  }

  @Override
  public void weighs(@Nullable T before, @Nullable T after) {
    Collection<Secret> displaced = before == null ? List.of() : all(before);
    Collection<Secret> held = after == null ? List.of() : all(after);
    for (Secret secret : held) {
      cache.parts.wiper().held(secret.value());
    }
    for (Secret secret : displaced) {
      if (!holds(held, secret.value())) {
        var unused = cache.parts.wiper().lookAfter(secret.value());
      }
    }
    cache.bounds.change(displaced, held); // last: all before may fail, and may be done twice
  }

  @SuppressWarnings("ReferenceEquality") // a value that is equal has bytes of its own
  private static boolean holds(Collection<Secret> held, SecretValue value) {
    for (Secret secret : held) {
      if (secret.value() == value) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void announce() {
    cache.handles.sweep();
    cache.parts.wiper().sweep(); // after a load too that found nothing changed
    cache.bounds.make();
    cache.events.deliver();
    cache.outages.look(this);
  }

  @Override
  public void overwrite(T held) {
    for (Secret secret : all(held)) {
      secret.value().overwrite();
    }
  }

  /** A host whose answer is one secret. */
  abstract static class OfOne extends KeyedEntryHost<Secret> {
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
