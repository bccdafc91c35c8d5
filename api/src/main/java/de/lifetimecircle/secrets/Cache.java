package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import de.lifetimecircle.secrets.SharedLoad.Answer;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are held. Three maps, since these are different questions: the current version
 * of a name, a version chosen by its id, and the versions that there are of a name, from which the
 * accepted ones and those chosen by stage or place follow.
 *
 * <p>No lock of its own: the maps are concurrent, no mapping function of theirs calls anything, and
 * every decision about one key is made in its {@link Entry}.
 */
final class Cache implements Sweep.Step {
  /** The time between two ticks that is no sign of a process that was stopped. */
  private static final long LONGEST_GAP = TimeUnit.SECONDS.toNanos(2);

  /** The key of exactly one version. */
  record Pin(String name, String version) {}

  final ConcurrentMap<String, Entry<Secret>> current = new ConcurrentHashMap<>();
  final ConcurrentMap<Pin, Entry<Secret>> pinned = new ConcurrentHashMap<>();
  final ConcurrentMap<String, Entry<KnownVersions>> versions = new ConcurrentHashMap<>();
  final EngineParts parts;
  final CallExecutor calls;
  final SecretLoader loads;
  final EventDelivery events;
  final CacheBounds bounds;
  final EntryParts entryParts;
  final HandleWatches handles = new HandleWatches();
  final OutageLog outages;
  private final AtomicLong writes = new AtomicLong();

  /** The time of the last tick. */
  private volatile @Nullable ClockReading last;

  private volatile boolean closed;

  Cache(EngineParts parts, SecretLoader loads) {
    this.parts = parts;
    this.calls = parts.calls();
    this.loads = loads;
    this.events = parts.events();
    this.outages = new OutageLog(parts);
    Sweep sweep = calls.sweep;
    this.entryParts = new EntryParts(parts.policy(), parts.random(), sweep);
    this.bounds =
        new CacheBounds(
            parts.policy(),
            List.of(current.values(), pinned.values(), versions.values()),
            parts.metrics());
    sweep.add(this);
    sweep.add(events);
    sweep.add(parts.threads());
  }

  // ---- each tick

  /** Whether anything is held or remembered. */
  @Override
  public boolean isNeeded() {
    return !current.isEmpty() || !versions.isEmpty() || !pinned.isEmpty();
  }

  /** Lets each entry do what is due by now, and begins the loads that could not be begun. */
  @Override
  public void sweep() {
    outages.deliver();
    ClockReading now = parts.now();
    ClockReading before = last;
    last = now;
    boolean isAfterGap = before != null && before.isGap(now, LONGEST_GAP);
    for (Map<?, ? extends Entry<?>> map : List.of(current, pinned, versions)) {
      for (Entry<?> entry : map.values()) {
        try {
          entry.tick(now, isAfterGap);
        } catch (Throwable e) { // the next tick looks again; the others must not wait for that
          calls.sweep.failed(e);
        }
      }
    }
  }

  // ---- the current version

  /**
   * Held, failed, or on its way.
   *
   * @param patience RETRY, or BULK of one of many names
   */
  Answer<Secret> read(String name, Patience patience) {
    while (true) { // as in ofCurrent
      Answer<Secret> answer = entry(name).read(patience);
      if (answer != null) {
        return answer;
      }
    }
  }

  private Entry<Secret> entry(String name) {
    Entry<Secret> known = current.get(name);
    return known != null && !closed ? known : add(current, name, new CurrentEntryHost(this, name));
  }

  private Answer<Secret> ofCurrent(
      String name, Function<Entry<Secret>, @Nullable Answer<Secret>> question) {
    while (true) { // an entry that answers null has left the map before it could be asked
      Answer<Secret> answer = question.apply(entry(name));
      if (answer != null) {
        return answer;
      }
    }
  }

  /**
   * As {@link #read}, but of many names, and by a call for them if a load must be started; alone if
   * there was a write since the batch was made, because it may have been asked before that.
   *
   * @param made when the batch was made
   * @param batch the name's share of the batch
   * @param alone a read of this name only
   */
  Answer<Secret> read(
      String name,
      long writesBefore,
      ClockReading made,
      BatchFetch.Share batch,
      Supplier<StoredSecret> alone) {
    Function<Patience, CallExecutor.Call<Secret>> load =
        patience -> {
          boolean isAlone = writes.get() != writesBefore;
          Supplier<StoredSecret> fetch = isAlone ? alone : batch;
          Supplier<Secret> work = () -> loads.accepted(name, fetch.get(), servedVersions(name));
          return isAlone
              ? calls.prepare(patience, "get secret", name, work)
              : calls.prepareShare(patience, "get secret", name, work, batch::next);
        };
    return ofCurrent(name, entry -> entry.read(load, made));
  }

  Answer<Secret> read(String name, AcceptedAge age) {
    return ofCurrent(name, entry -> entry.read(Patience.RETRY, age));
  }

  Answer<Secret> refresh(String name) {
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

  /**
   * Returns the entry's immediate answer; null if it has none. A cached {@code get} is the lookup
   * of the entry in the map and this call, nothing else.
   */
  static <T> @Nullable T served(@Nullable Entry<T> entry) {
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

  /** Exactly that version. */
  Answer<Secret> version(String name, String id) {
    Pin pin = new Pin(name, id);
    Supplier<EntryHost<Secret>> host = () -> new PinnedEntryHost(this, pin);
    return ask(pinned, pin, host, entry -> entry.read(Patience.RETRY));
  }

  /**
   * Returns the known versions that the cache can answer at once; null if there is something to
   * decide first.
   */
  @Nullable KnownVersions heldVersions(String name) {
    return served(versions.get(name));
  }

  /**
   * Returns the known versions of a name.
   *
   * @param want notes the wanted versions before the backend is asked
   */
  Answer<KnownVersions> versions(String name, Consumer<WantedVersions> want) {
    return ask(name, want, entry -> entry.read(Patience.RETRY));
  }

  /** The same, from a list that is young enough. */
  Answer<KnownVersions> versions(String name, Consumer<WantedVersions> want, AcceptedAge age) {
    return ask(name, want, entry -> entry.read(Patience.RETRY, age));
  }

  private Answer<KnownVersions> ask(
      String name,
      Consumer<WantedVersions> want,
      Function<Entry<KnownVersions>, @Nullable Answer<KnownVersions>> question) {
    return ask(
        versions,
        name,
        () -> new VersionsEntryHost(this, name),
        entry -> {
          if (entry.host instanceof VersionsEntryHost host) {
            want.accept(host.wanted);
          }
          return question.apply(entry);
        });
  }

  /** The versions from a list that is young enough; null if nobody has asked for any. */
  @Nullable Answer<KnownVersions> followed(String name, AcceptedAge age) {
    Entry<KnownVersions> known = versions.get(name);
    return known == null || known.heldNow() == null ? null : known.read(Patience.RETRY, age);
  }

  // ---- hints of others

  /** Whether a version of a name differs from the held one; false if none is held. */
  boolean isNews(String name, String version) {
    Entry<Secret> ofCurrent = current.get(name);
    Secret held = ofCurrent == null ? null : ofCurrent.heldNow();
    if (held != null) {
      return !held.version().equals(version);
    }
    Entry<KnownVersions> ofVersions = versions.get(name);
    return ofVersions != null && ofVersions.heldNow() != null;
  }

  /** Begins to load what is held of a name, if it is too old; without waiting. */
  void revalidate(String name, AcceptedAge age) {
    Entry<Secret> ofCurrent = current.get(name);
    if (ofCurrent != null && ofCurrent.heldNow() != null) {
      var unused = ofCurrent.read(Patience.RETRY, age);
    }
    var unusedToo = followed(name, age);
  }

  // ---- all of it

  /** After a write: the held answer and a running load are older than the write. */
  void forget(String name) {
    overtaken(name, Entry::invalidate);
  }

  /**
   * After a failed write, or for a caller that knows of a change: the held answer may be outdated.
   * The next read asks the backend and gets the held answer only if the backend fails.
   */
  void doubt(String name, String reason) {
    overtaken(name, entry -> entry.doubt(reason));
  }

  private void overtaken(String name, Consumer<Entry<?>> change) {
    writes.incrementAndGet(); // before the entries: a load that misses it is forgotten by its entry
    Entry<Secret> ofCurrent = current.get(name);
    if (ofCurrent != null) {
      change.accept(ofCurrent);
    }
    Entry<KnownVersions> ofVersions = versions.get(name);
    if (ofVersions != null) {
      change.accept(ofVersions);
    }
    for (Map.Entry<Pin, Entry<Secret>> each : pinned.entrySet()) {
      if (each.getKey().name().equals(name)) {
        change.accept(each.getValue());
      }
    }
  }

  SecretStats stats(OptionalLong requests) {
    Duration maxStale = parts.policy().maxStale();
    return parts.metrics().stats(requests, CacheFigures.of(this), maxStale);
  }

  void close() {
    closed = true;
    for (ConcurrentMap<?, ? extends Entry<?>> map : List.of(current, pinned, versions)) {
      for (Entry<?> entry : map.values()) {
        entry.close();
      }
      map.clear();
    }
  }

  private <K, T> Answer<T> ask(
      ConcurrentMap<K, Entry<T>> map,
      K key,
      Supplier<EntryHost<T>> host,
      Function<Entry<T>, @Nullable Answer<T>> question) {
    while (true) { // as in ofCurrent
      Entry<T> known = map.get(key);
      Entry<T> entry = known != null && !closed ? known : add(map, key, host.get());
      Answer<T> answer = question.apply(entry);
      if (answer != null) {
        return answer;
      }
    }
  }

  private <K, T> Entry<T> add(ConcurrentMap<K, Entry<T>> map, K key, EntryHost<T> host) {
    Entry<T> made = new Entry<>(host);
    Entry<T> first = map.putIfAbsent(key, made);
    Entry<T> entry = first == null ? made : first;
    if (closed) { // close() may have gone through the map before this entry was in it
      map.remove(key, entry);
      entry.close();
      throw CallExecutor.closed("get secret", key instanceof Pin pin ? pin.name() : key.toString());
    }
    return entry;
  }

  /** Which versions of the name were served, as it is known whenever that is asked. */
  ServedVersions.Order servedVersions(String name) {
    return answer -> {
      Entry<Secret> entry = current.get(name);
      return entry != null && entry.host instanceof CurrentEntryHost host
          ? host.served(entry.heldNow()).newerThan(answer)
          : null;
    };
  }
}
