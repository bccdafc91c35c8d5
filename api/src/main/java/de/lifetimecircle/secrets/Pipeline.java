package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of every read, outermost stage first: closed check, name check, override, cache with
 * single flight ({@link Entry}), deadline and retry ({@link Calls}), store, validation,
 * publication, events ({@link Events}).
 *
 * <p>Three caches, since these are different questions: the current version of a name, a version
 * chosen by a selector, and the versions that a verifier accepts. No lock of its own: the maps are
 * concurrent, every decision about one key is made in its entry.
 */
final class Pipeline implements SecretProvider {
  private final SecretStore store;
  private final Wiring wiring;
  private final Calls calls;
  private final Loads loads;
  private final Overrides overrides;
  private final Validation validation;
  private final Events events;
  private final ConcurrentMap<String, Entry<Secret>> current = new ConcurrentHashMap<>();
  private final ConcurrentMap<Pin, Entry<Secret>> pinned = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Entry<List<Secret>>> valid = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> lastVersions = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** The key of a version that is not simply the current one. */
  private record Pin(String name, VersionSelector selector) {}

  Pipeline(SecretStore store, Wiring wiring) {
    this.store = store;
    this.wiring = wiring;
    this.calls = wiring.calls();
    this.loads = new Loads(store, wiring);
    this.overrides = wiring.overrides();
    this.validation = wiring.validation();
    this.events = wiring.events();
  }

  // ---- the current version

  @Override
  public Secret get(String name) {
    // A name that is in the map has passed every check before the cache.
    Entry<Secret> entry = name == null ? null : current.get(name);
    if (entry != null) {
      Secret served = entry.served;
      if (served != null) {
        if (!entry.touched) {
          entry.touched = true;
        }
        return served;
      }
    }
    return Calls.await(read(name), "get secret", String.valueOf(name));
  }

  @Override
  public Optional<Secret> find(String name) {
    try {
      return Optional.of(get(name));
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public CompletableFuture<Secret> getAsync(String name) {
    try {
      return read(name).copy();
    } catch (SecretException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Secret> read(String name) {
    requireUsable("get secret", name);
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return CompletableFuture.completedFuture(override.get());
    }
    return fromCache(current, name, () -> new CurrentOwner(name));
  }

  private void requireUsable(String action, String name) {
    if (closed) {
      throw Calls.closed(action, String.valueOf(name));
    }
    Names.require(name);
  }

  private Optional<Secret> override(String name) {
    return overrides
        .find(name)
        .map(
            value -> {
              String source = "the override " + overrides.variable(name).orElse("");
              validation.require("use an override for secret", name, source, value);
              return new Secret(
                  name, value, Secret.OVERRIDE_VERSION, now(), Secret.Origin.OVERRIDE);
            });
  }

  private <K, T> CompletableFuture<T> fromCache(
      ConcurrentMap<K, Entry<T>> cache, K key, Supplier<Entry.Owner<T>> owner) {
    while (true) {
      CompletableFuture<T> answer = entry(cache, key, owner).read();
      if (answer != null) {
        return answer;
      }
      cache.computeIfPresent(key, (k, entry) -> entry.isRetired() ? null : entry);
    }
  }

  private <K, T> Entry<T> entry(
      ConcurrentMap<K, Entry<T>> cache, K key, Supplier<Entry.Owner<T>> owner) {
    Entry<T> entry =
        cache.computeIfAbsent(
            key, k -> new Entry<>(owner.get(), wiring.policy(), wiring.timer(), wiring.random()));
    if (closed) { // close() may have gone through the map before this entry was in it
      cache.remove(key, entry);
      entry.close();
      throw Calls.closed("get secret", key instanceof Pin pin ? pin.name() : key.toString());
    }
    return entry;
  }

  @Override
  public Map<String, SecretResult> getAll(Collection<String> names) {
    Set<String> distinct = new LinkedHashSet<>(names);
    Batch batch =
        store instanceof BatchStore many
            ? new Batch(many, distinct.stream().filter(this::isCold).map(this::stored).toList())
            : null;
    Map<String, CompletableFuture<Secret>> answers = new LinkedHashMap<>();
    for (String name : distinct) {
      answers.put(name, readWith(batch, name));
    }
    Map<String, SecretResult> results = new LinkedHashMap<>();
    answers.forEach((name, answer) -> results.put(name, resultOf(name, answer)));
    return results;
  }

  private boolean isCold(@Nullable String name) {
    Entry<Secret> entry = name == null ? null : current.get(name);
    return name != null && (entry == null || entry.served == null);
  }

  private CompletableFuture<Secret> readWith(@Nullable Batch batch, String name) {
    try {
      if (batch != null && !closed && overrides.find(name).isEmpty()) {
        Names.require(name);
        Supplier<Calls.Call<Secret>> load =
            () -> startLoad(name, wiring.policy().retries(), () -> batch.fetch(stored(name)));
        CompletableFuture<Secret> answer =
            entry(current, name, () -> new CurrentOwner(name)).read(load);
        if (answer != null) {
          return answer;
        }
      }
      return read(name);
    } catch (SecretException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static SecretResult resultOf(String name, CompletableFuture<Secret> answer) {
    try {
      return SecretResult.of(Calls.await(answer, "get secret", name));
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.INTERRUPTED) {
        throw e;
      }
      return SecretResult.failed(name, e);
    }
  }

  @Override
  public Secret refresh(String name) {
    requireUsable("refresh secret", name);
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return override.get();
    }
    while (true) {
      CompletableFuture<Secret> answer =
          entry(current, name, () -> new CurrentOwner(name)).refresh();
      if (answer != null) {
        return Calls.await(answer, "refresh secret", name);
      }
      current.computeIfPresent(name, (n, entry) -> entry.isRetired() ? null : entry);
    }
  }

  @Override
  public SecretHandle handle(String name) {
    requireUsable("make a handle for secret", name);
    Entry<Secret> entry = overrides.find(name).isEmpty() ? watched(name) : null;
    return new WatchedHandle(name, entry, this);
  }

  @Override
  public SecretListener.Registration onChange(String name, SecretListener listener) {
    requireUsable("listen to secret", name);
    SecretListener.Registration registration = events.register(name, listener);
    watched(name);
    return registration;
  }

  private Entry<Secret> watched(String name) {
    while (true) {
      Entry<Secret> entry = entry(current, name, () -> new CurrentOwner(name));
      entry.watch();
      if (!entry.isRetired()) {
        return entry;
      }
      current.remove(name, entry);
    }
  }

  // ---- other versions

  @Override
  public Secret get(String name, VersionSelector selector) {
    if (selector.equals(VersionSelector.current())) {
      return get(name);
    }
    requireUsable("get a version of secret", name);
    return Calls.await(version(name, selector), "get a version of secret", name);
  }

  private CompletableFuture<Secret> version(String name, VersionSelector selector) {
    return fromCache(pinned, new Pin(name, selector), () -> new PinnedOwner(name, selector));
  }

  @Override
  public List<SecretVersion> versions(String name) {
    requireUsable("list the versions of secret", name);
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    return once("list the versions of secret", name, () -> versioned.versions(stored(name)));
  }

  @Override
  public List<Secret> validVersions(String name) {
    requireUsable("get the valid versions of secret", name);
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return List.of(override.get());
    }
    Entry<List<Secret>> entry = valid.get(name);
    List<Secret> served = entry == null ? null : entry.served;
    if (entry == null || served == null) {
      return Calls.await(
          fromCache(valid, name, () -> new ValidOwner(name)), "get the valid versions", name);
    }
    entry.touched = true;
    return served;
  }

  // ---- questions that are not cached

  @Override
  public List<String> list(String prefix) {
    if (closed) {
      throw Calls.closed("list secrets", prefix);
    }
    ListableStore listable = ability(ListableStore.class, "list names");
    int cut = wiring.prefix().length();
    return once("list secrets", prefix, () -> listable.list(wiring.prefix() + prefix)).stream()
        .map(name -> name.substring(cut))
        .toList();
  }

  @Override
  public Map<String, String> describe(String name) {
    requireUsable("describe secret", name);
    return once("describe secret", name, () -> store.describe(stored(name)));
  }

  @Override
  public Map<String, String> check() {
    if (closed) {
      throw Calls.closed("check the backend", wiring.scheme());
    }
    return once("check the backend", wiring.scheme(), store::check);
  }

  private <T> T once(String action, String name, Supplier<T> work) {
    return calls.run(action, name, wiring.policy().retries(), work);
  }

  @Override
  public List<Setting> settings() {
    return wiring.settings();
  }

  // ---- what the writer and the builder need

  <A> A ability(Class<A> ability, String action) {
    return loads.ability(ability, action);
  }

  /** After a write: what is held, and what is being loaded, may be older than it. */
  void invalidate(String name) {
    invalidate(current.get(name));
    invalidate(valid.get(name));
    pinned.forEach(
        (pin, entry) -> {
          if (pin.name().equals(name)) {
            entry.invalidate();
          }
        });
  }

  private static void invalidate(@Nullable Entry<?> entry) {
    if (entry != null) {
      entry.invalidate();
    }
  }

  String stored(String name) {
    return wiring.prefix() + name;
  }

  boolean isClosed() {
    return closed;
  }

  private Instant now() {
    return wiring.clock().instant();
  }

  private Calls.Call<Secret> startLoad(String name, int retries, Supplier<StoredSecret> fetch) {
    return calls.start("get secret", name, retries, () -> loads.load(name, fetch));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    calls.close();
    for (ConcurrentMap<?, ? extends Entry<?>> cache : List.of(current, pinned, valid)) {
      cache.values().forEach(Entry::close);
      cache.clear();
    }
    wiring.close();
    store.close();
  }

  /** What the entries of all three caches have in common. */
  private abstract class SecretOwner implements Entry.Owner<Secret> {
    final String name;

    SecretOwner(String name) {
      this.name = name;
    }

    int retries(Entry.Patience patience) {
      return patience == Entry.Patience.RETRY ? wiring.policy().retries() : 0;
    }

    @Override
    public Secret cached(Secret fresh) {
      return fresh.as(Secret.Origin.CACHE);
    }

    @Override
    public Secret stale(Secret fresh, String reason) {
      return fresh.asStale(reason);
    }

    @Override
    public void overwrite(Secret held) {
      held.value().overwrite();
    }
  }

  private final class CurrentOwner extends SecretOwner {
    CurrentOwner(String name) {
      super(name);
    }

    @Override
    public Calls.Call<Secret> load(Entry.Patience patience) {
      Entry<Secret> entry = current.get(name);
      Secret held = entry == null ? null : entry.served;
      return calls.start("get secret", name, retries(patience), () -> loads.current(name, held));
    }

    @Override
    public void published(Secret fresh) {
      Entry<List<Secret>> accepted = valid.get(name);
      if (accepted != null) {
        accepted.amend(held -> Versions.withCurrent(fresh, held));
      }
      String before = lastVersions.put(name, fresh.version());
      if (before != null && !before.equals(fresh.version())) {
        events.publish(SecretEvent.rotated(name, before, fresh.version()));
      }
    }

    @Override
    public void refreshFailed(Secret held, SecretException error) {
      events.publish(SecretEvent.failed(name, held.version(), error.kind()));
    }

    @Override
    public void expired(Secret held) {
      events.publish(SecretEvent.expired(name, held.version()));
    }

    @Override
    public void remove(Entry<Secret> entry) {
      current.remove(name, entry);
    }
  }

  private final class PinnedOwner extends SecretOwner {
    private final VersionSelector selector;

    PinnedOwner(String name, VersionSelector selector) {
      super(name);
      this.selector = selector;
    }

    @Override
    public Calls.Call<Secret> load(Entry.Patience patience) {
      return calls.start(
          "get a version of secret", name, retries(patience), () -> loads.version(name, selector));
    }

    @Override
    public void remove(Entry<Secret> entry) {
      pinned.remove(new Pin(name, selector), entry);
    }
  }

  private final class ValidOwner implements Entry.Owner<List<Secret>> {
    private final String name;

    ValidOwner(String name) {
      this.name = name;
    }

    @Override
    public Calls.Call<List<Secret>> load(Entry.Patience patience) {
      int retries = patience == Entry.Patience.RETRY ? wiring.policy().retries() : 0;
      return calls.start("get the valid versions", name, retries, () -> loads.valid(name));
    }

    @Override
    public List<Secret> cached(List<Secret> fresh) {
      return fresh.stream().map(secret -> secret.as(Secret.Origin.CACHE)).toList();
    }

    @Override
    public List<Secret> stale(List<Secret> fresh, String reason) {
      return fresh.stream().map(secret -> secret.asStale(reason)).toList();
    }

    @Override
    public void overwrite(List<Secret> held) {
      held.forEach(secret -> secret.value().overwrite());
    }

    @Override
    public void remove(Entry<List<Secret>> entry) {
      valid.remove(name, entry);
    }
  }
}
