package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are held. Three maps, since these are different questions: the current version
 * of a name, a version chosen by a selector, and the versions that a verifier accepts.
 *
 * <p>No lock of its own: the maps are concurrent, no mapping function of theirs calls anything, and
 * every decision about one key is made in its {@link Entry}.
 */
final class Cache {
  /** The key of a version that is not simply the current one. */
  private record Pin(String name, VersionSelector selector) {}

  /** Read by the pipeline on every {@code get}. */
  final Published published = new Published();

  private final ConcurrentMap<String, Entry<Secret>> current = new ConcurrentHashMap<>();
  private final ConcurrentMap<Pin, Entry<Secret>> pinned = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Entry<List<Secret>>> valid = new ConcurrentHashMap<>();
  private final Wiring wiring;
  private final Calls calls;
  private final Loads loads;
  private final Events events;
  private final Room room;
  private final AtomicLong writes = new AtomicLong();
  private volatile boolean closed;

  Cache(Wiring wiring, Loads loads) {
    this.wiring = wiring;
    this.calls = wiring.calls();
    this.loads = loads;
    this.events = wiring.events();
    this.room =
        new Room(
            wiring.policy(),
            List.of(current.values(), pinned.values(), valid.values()),
            wiring.meter()::evicted);
  }

  // ---- the current version

  CompletableFuture<Secret> read(String name) {
    return ofCurrent(name, Entry::read);
  }

  private CompletableFuture<Secret> ofCurrent(
      String name, Function<Entry<Secret>, @Nullable CompletableFuture<Secret>> question) {
    return ask(current, name, () -> new CurrentOwner(name), question);
  }

  /**
   * As {@link #read}, but by a batch if a load must be started; alone if there was a write since
   * the batch was made, because it may have been asked before that.
   */
  CompletableFuture<Secret> read(
      String name, long writesBefore, Supplier<StoredSecret> batch, Supplier<StoredSecret> alone) {
    Supplier<Calls.Call<Secret>> load =
        () -> {
          Supplier<StoredSecret> fetch = writes.get() == writesBefore ? batch : alone;
          return calls.start(
              Calls.Patience.RETRY,
              "get secret",
              name,
              () -> loads.current(name, fetch, lineage(name)));
        };
    return ofCurrent(name, entry -> entry.read(load));
  }

  CompletableFuture<Secret> readSince(String name, Instant oldest) {
    return ofCurrent(name, entry -> entry.readSince(oldest));
  }

  CompletableFuture<Secret> refresh(String name) {
    return ofCurrent(name, Entry::refresh);
  }

  /** The entry of a name, kept fresh from now on. */
  Entry<Secret> watched(String name) {
    while (true) {
      Entry<Secret> entry = entry(current, name, () -> new CurrentOwner(name));
      if (entry.watch()) {
        return entry;
      }
    }
  }

  /** How many writes there were. */
  long writes() {
    return writes.get();
  }

  boolean isCold(String name) {
    Entry<Secret> entry = current.get(name);
    return entry == null || entry.served == null;
  }

  // ---- other versions

  CompletableFuture<Secret> version(String name, VersionSelector selector) {
    return ask(
        pinned,
        new Pin(name, selector),
        () -> new PinnedOwner(new Pin(name, selector)),
        Entry::read);
  }

  /** What can be answered at once; null when there is something to decide first. */
  @Nullable List<Secret> heldValid(String name) {
    Entry<List<Secret>> entry = valid.get(name);
    if (entry == null) {
      return null;
    }
    if (!entry.touched) { // written once, not at each read, as in Published
      entry.touched = true;
    }
    return entry.served;
  }

  CompletableFuture<List<Secret>> valid(String name) {
    return ask(valid, name, () -> new ValidOwner(name), Entry::read);
  }

  // ---- all of it

  /** After a write: what is held, and what is being loaded, may be older than it. */
  void invalidate(String name) {
    writes.incrementAndGet(); // before the entries: a load that misses it is forgotten by its entry
    invalidate(current.get(name));
    invalidate(valid.get(name));
    for (Map.Entry<Pin, Entry<Secret>> each : pinned.entrySet()) {
      if (each.getKey().name().equals(name)) {
        each.getValue().invalidate();
      }
    }
  }

  private static void invalidate(@Nullable Entry<?> entry) {
    if (entry != null) {
      entry.invalidate();
    }
  }

  SecretStats stats(OptionalLong requests) {
    Instant now = wiring.clock().instant();
    Duration oldest = null;
    for (Map<?, Entry<Secret>> map : List.of(current, pinned)) {
      for (Entry<Secret> entry : map.values()) {
        Secret held = entry.peek();
        Duration age = held == null ? null : Duration.between(held.fetchedAt(), now);
        if (age != null && (oldest == null || age.compareTo(oldest) > 0)) {
          oldest = age;
        }
      }
    }
    return wiring.meter().stats(requests, room.names(), room.bytes(), Optional.ofNullable(oldest));
  }

  void close() {
    closed = true;
    for (ConcurrentMap<?, ? extends Entry<?>> map : List.of(current, pinned, valid)) {
      for (Entry<?> entry : map.values()) {
        entry.close();
      }
      map.clear();
    }
  }

  private <K, T> CompletableFuture<T> ask(
      ConcurrentMap<K, Entry<T>> map,
      K key,
      Supplier<EntryOwner<T>> owner,
      Function<Entry<T>, @Nullable CompletableFuture<T>> question) {
    while (true) { // an entry that answers null has left the map before it could be asked
      CompletableFuture<T> answer = question.apply(entry(map, key, owner));
      if (answer != null) {
        return answer;
      }
    }
  }

  private <K, T> Entry<T> entry(
      ConcurrentMap<K, Entry<T>> map, K key, Supplier<EntryOwner<T>> owner) {
    Entry<T> known = map.get(key);
    if (known != null && !closed) {
      return known;
    }
    Entry<T> made = new Entry<>(owner.get(), wiring.policy(), wiring.timer(), wiring.random());
    Entry<T> first = map.putIfAbsent(key, made);
    Entry<T> entry = first == null ? made : first;
    if (closed) { // close() may have gone through the map before this entry was in it
      map.remove(key, entry);
      entry.close();
      throw Calls.closed("get secret", key instanceof Pin pin ? pin.name() : key.toString());
    }
    return entry;
  }

  private Lineage lineage(String name) {
    Entry<Secret> entry = current.get(name);
    return entry != null && entry.owner instanceof CurrentOwner owner
        ? owner.lineage
        : new Lineage();
  }

  /** What the entries of all three maps have in common. */
  private abstract class Owner<T> implements EntryOwner<T> {
    final String name;

    Owner(String name) {
      this.name = name;
    }

    /** One answer, of which there is at least one. */
    abstract List<Secret> all(T held);

    @Override
    public Consumer<@Nullable SecretException> measure(Calls.Patience patience) {
      return wiring.meter().begin(name, patience);
    }

    @Override
    public Instant fetchedAt(T held) {
      return all(held).get(0).fetchedAt();
    }

    @Override
    public Instant now() {
      return wiring.clock().instant();
    }

    @Override
    public void weighs(@Nullable T before, @Nullable T after) {
      room.change(before == null ? List.of() : all(before), after == null ? List.of() : all(after));
    }

    @Override
    public void announce() {
      room.make();
      events.deliver();
    }

    @Override
    public void overwrite(T held) {
      for (Secret secret : all(held)) {
        secret.value().overwrite();
      }
    }
  }

  private abstract class SecretOwner extends Owner<Secret> {
    SecretOwner(String name) {
      super(name);
    }

    @Override
    List<Secret> all(Secret held) {
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

  private final class CurrentOwner extends SecretOwner {
    private final Lineage lineage = new Lineage();

    CurrentOwner(String name) {
      super(name);
    }

    @Override
    public Calls.Call<Secret> load(Calls.Patience patience) {
      Entry<Secret> entry = current.get(name);
      Secret held = entry == null ? null : entry.served;
      return calls.start(patience, "get secret", name, () -> loads.current(name, held, lineage));
    }

    @Override
    public void serves(@Nullable Secret answer) {
      published.put(name, answer);
    }

    @Override
    public boolean wasRead() {
      return published.wasRead(name);
    }

    @Override
    public void published(Secret fresh) {
      Entry<List<Secret>> accepted = valid.get(name);
      if (accepted != null) {
        accepted.amend(held -> Versions.withCurrent(fresh, held));
      }
      String before = lineage.serve(fresh);
      if (before != null) {
        events.record(SecretEvent.rotated(name, before, fresh.version()));
      }
    }

    @Override
    public void refreshFailed(Secret held, SecretException error) {
      events.record(SecretEvent.failed(name, held.version(), error.kind()));
    }

    @Override
    public void expired(Secret held) {
      events.record(SecretEvent.expired(name, held.version()));
    }

    @Override
    public void overtaken() {
      lineage.overtaken();
    }

    @Override
    public void remove(Entry<Secret> entry) {
      current.remove(name, entry);
    }
  }

  private final class PinnedOwner extends SecretOwner {
    private final Pin pin;

    PinnedOwner(Pin pin) {
      super(pin.name());
      this.pin = pin;
    }

    @Override
    public Calls.Call<Secret> load(Calls.Patience patience) {
      return calls.start(
          patience, "get a version of secret", name, () -> loads.version(name, pin.selector()));
    }

    @Override
    public void remove(Entry<Secret> entry) {
      pinned.remove(pin, entry);
    }
  }

  private final class ValidOwner extends Owner<List<Secret>> {
    ValidOwner(String name) {
      super(name);
    }

    @Override
    List<Secret> all(List<Secret> held) {
      return held;
    }

    @Override
    public Calls.Call<List<Secret>> load(Calls.Patience patience) {
      return calls.start(
          patience, "get the valid versions", name, () -> loads.valid(name, lineage(name)));
    }

    @Override
    public List<Secret> cached(List<Secret> fresh) {
      return fresh.stream().map(Secret::cached).toList();
    }

    @Override
    public List<Secret> stale(List<Secret> fresh, String reason) {
      return fresh.stream().map(secret -> secret.asStale(reason)).toList();
    }

    @Override
    public void remove(Entry<List<Secret>> entry) {
      valid.remove(name, entry);
    }
  }
}
