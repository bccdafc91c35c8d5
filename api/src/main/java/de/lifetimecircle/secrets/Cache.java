package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.Calls.Patience;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    this.calls = wiring.calls;
    this.loads = loads;
    this.events = wiring.events;
    this.room =
        new Room(
            wiring.policy,
            List.of(current.values(), pinned.values(), valid.values()),
            wiring.meter);
  }

  // ---- the current version

  /**
   * Held, failed, or on its way.
   *
   * @param patience WAITING if this thread waits for the answer, else RETRY
   */
  CompletableFuture<Secret> read(String name, Patience patience) {
    while (true) { // as in ofCurrent
      CompletableFuture<Secret> answer = entry(name).read(patience);
      if (answer != null) {
        return answer;
      }
    }
  }

  private Entry<Secret> entry(String name) {
    Entry<Secret> known = current.get(name);
    return known != null && !closed ? known : add(current, name, new CurrentOwner(name));
  }

  private CompletableFuture<Secret> ofCurrent(
      String name, Function<Entry<Secret>, @Nullable CompletableFuture<Secret>> question) {
    while (true) { // an entry that answers null has left the map before it could be asked
      CompletableFuture<Secret> answer = question.apply(entry(name));
      if (answer != null) {
        return answer;
      }
    }
  }

  /**
   * As {@link #read}, but by a batch if a load must be started; alone if there was a write since
   * the batch was made, because it may have been asked before that.
   */
  CompletableFuture<Secret> read(
      String name, long writesBefore, Supplier<StoredSecret> batch, Supplier<StoredSecret> alone) {
    Function<Patience, Calls.Call<Secret>> load =
        patience -> {
          Supplier<StoredSecret> fetch = writes.get() == writesBefore ? batch : alone;
          return calls.prepare(
              patience, "get secret", name, () -> loads.accepted(name, fetch.get(), lineage(name)));
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
      Entry<Secret> entry = entry(name);
      if (entry.watch()) {
        return entry;
      }
    }
  }

  /** What can be answered at once though it is not in the table; null as in {@link #heldValid}. */
  @Nullable Secret held(String name) {
    return served(current.get(name));
  }

  /** Takes no lock: at each refresh of each name a reader comes by here, and may not wait. */
  private static <T> @Nullable T served(@Nullable Entry<T> entry) {
    if (entry == null) {
      return null;
    }
    if (!entry.touched) { // written once, not at each read
      entry.touched = true;
    }
    return entry.served;
  }

  /** How many writes there were. */
  long writes() {
    return writes.get();
  }

  boolean isCold(String name) {
    Entry<Secret> entry = current.get(name);
    return entry == null || entry.isCold();
  }

  // ---- other versions

  CompletableFuture<Secret> version(String name, VersionSelector selector) {
    Pin pin = new Pin(name, selector);
    return ask(pinned, pin, () -> new PinnedOwner(pin));
  }

  /** What can be answered at once; null when there is something to decide first. */
  @Nullable List<Secret> heldValid(String name) {
    return served(valid.get(name));
  }

  CompletableFuture<List<Secret>> valid(String name) {
    return ask(valid, name, () -> new ValidOwner(name));
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
    Instant now = wiring.clock.instant();
    Duration oldest = null;
    for (Map<?, ? extends Entry<?>> map : List.of(current, pinned, valid)) {
      for (Entry<?> entry : map.values()) {
        Instant fetched = entry.fetchedAt();
        Duration age = fetched == null ? null : Duration.between(fetched, now);
        if (age != null && (oldest == null || age.compareTo(oldest) > 0)) {
          oldest = age;
        }
      }
    }
    return wiring.meter.stats(requests, room.names(), room.bytes(), Optional.ofNullable(oldest));
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
      ConcurrentMap<K, Entry<T>> map, K key, Supplier<EntryOwner<T>> owner) {
    while (true) { // as in ofCurrent
      Entry<T> known = map.get(key);
      Entry<T> entry = known != null && !closed ? known : add(map, key, owner.get());
      CompletableFuture<T> answer = entry.read(Patience.WAITING);
      if (answer != null) {
        return answer;
      }
    }
  }

  private <K, T> Entry<T> add(ConcurrentMap<K, Entry<T>> map, K key, EntryOwner<T> owner) {
    Entry<T> made = new Entry<>(owner, wiring.policy, wiring.threads.timer, wiring.random);
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
    public @Nullable Consumer<@Nullable SecretException> recording(Patience patience) {
      return wiring.meter.recording(name, patience);
    }

    @Override
    public void loaded(Patience patience, long begun, @Nullable SecretException error) {
      wiring.meter.loaded(name, patience, begun, error);
    }

    @Override
    public Instant fetchedAt(T held) {
      return all(held).get(0).fetchedAt();
    }

    @Override
    public Instant now() {
      return wiring.clock.instant();
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

  private final class CurrentOwner extends SecretOwner implements Supplier<Secret> {
    private final Lineage lineage = new Lineage();

    CurrentOwner(String name) {
      super(name);
    }

    @Override
    public Calls.Call<Secret> load(Patience patience) {
      return calls.prepare(patience, "get secret", name, this);
    }

    /** The work of a load. */
    @Override
    public Secret get() {
      Entry<Secret> entry = current.get(name);
      return loads.current(name, entry == null ? null : entry.served, lineage);
    }

    @Override
    public void serves(@Nullable Secret answer) {
      published.put(name, answer);
    }

    @Override
    public void publishes(Secret fresh) {
      Entry<List<Secret>> accepted = valid.get(name);
      if (accepted != null) {
        accepted.amend(fresh);
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

  private final class PinnedOwner extends SecretOwner implements Supplier<Secret> {
    private final Pin pin;

    PinnedOwner(Pin pin) {
      super(pin.name());
      this.pin = pin;
    }

    @Override
    public Calls.Call<Secret> load(Patience patience) {
      return calls.prepare(patience, "get a version of secret", name, this);
    }

    /** The work of a load. */
    @Override
    public Secret get() {
      return loads.version(name, pin.selector());
    }

    @Override
    public void remove(Entry<Secret> entry) {
      pinned.remove(pin, entry);
    }
  }

  private final class ValidOwner extends Owner<List<Secret>> implements Supplier<List<Secret>> {
    ValidOwner(String name) {
      super(name);
    }

    @Override
    List<Secret> all(List<Secret> held) {
      return held;
    }

    @Override
    public Calls.Call<List<Secret>> load(Patience patience) {
      return calls.prepare(patience, "get the valid versions", name, this);
    }

    /** The work of a load. */
    @Override
    public List<Secret> get() {
      return loads.valid(name, lineage(name));
    }

    @Override
    public List<Secret> amended(List<Secret> held, Secret news) {
      return Versions.withCurrent(news, held);
    }

    @Override
    public List<Secret> cached(List<Secret> fresh) {
      List<Secret> cached = new ArrayList<>(fresh.size());
      for (Secret secret : fresh) {
        cached.add(secret.cached());
      }
      return List.copyOf(cached);
    }

    @Override
    public List<Secret> stale(List<Secret> fresh, String reason) {
      List<Secret> stale = new ArrayList<>(fresh.size());
      for (Secret secret : fresh) {
        stale.add(secret.asStale(reason));
      }
      return List.copyOf(stale);
    }

    @Override
    public void remove(Entry<List<Secret>> entry) {
      valid.remove(name, entry);
    }
  }
}
