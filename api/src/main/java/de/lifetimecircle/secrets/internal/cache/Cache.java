package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.call.Sweep;
import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.util.Collection;
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
 * The answers that are held: an {@link Entry} for each name.
 *
 * <p>No lock of its own: the map is concurrent, no mapping function of it calls anything, and every
 * decision about a name is made in its entry.
 */
public final class Cache implements Sweep.Step {
  /** The time between two ticks that is no sign of a process that was stopped. */
  private static final long LONGEST_GAP = TimeUnit.SECONDS.toNanos(2);

  public final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
  final EngineParts parts;
  final CallExecutor calls;
  final SecretLoader loads;
  final EventDelivery events;
  final CacheBounds bounds;
  public final HandleRegistry handles = new HandleRegistry();
  final Sweep sweep;
  private final OutageLog outages;
  private final AtomicLong writes = new AtomicLong();

  /** The time of the last tick. */
  private volatile @Nullable Timestamp last;

  private volatile boolean closed;

  public Cache(EngineParts parts, SecretLoader loads) {
    this.parts = parts;
    this.calls = parts.calls();
    this.loads = loads;
    this.events = parts.events();
    this.outages = new OutageLog(parts);
    this.sweep = calls.sweep;
    this.bounds = new CacheBounds(parts.policy(), entries.values(), parts.metrics());
    sweep.add(this);
    sweep.add(events);
    sweep.add(parts.threads());
  }

  // ---- each tick

  /** Whether anything is held or remembered. */
  @Override
  public boolean isNeeded() {
    return !entries.isEmpty();
  }

  /** Lets each entry do what is due by now, and begins the loads that could not be begun. */
  @Override
  public void sweep() {
    outages.deliver();
    Timestamp now = parts.now();
    Timestamp before = last;
    last = now;
    boolean isAfterGap = before != null && before.isGap(now, LONGEST_GAP);
    Consumer<Slot<?>> tick = slot -> tick(slot, now, isAfterGap);
    for (Entry entry : entries.values()) {
      entry.each(tick);
    }
  }

  private void tick(Slot<?> slot, Timestamp now, boolean isAfterGap) {
    try {
      slot.tick(now, isAfterGap);
    } catch (Throwable e) { // the next tick looks again; the others must not wait for that
      sweep.failed(e);
    }
  }

  /** Tells what a slot has recorded, after its monitor was left. */
  void announce(Slot<?> slot) {
    handles.sweep();
    parts.eraser().sweep(); // after a load too that found nothing changed
    bounds.make();
    events.deliver();
    if (events.isNeeded()) { // no thread took a delivery, so a tick has to
      var unused = sweep.ticks();
    }
    outages.look(slot);
  }

  /** An answer with these secrets was replaced by one with those; inside the name's monitor. */
  void weigh(Collection<Secret> displaced, Collection<Secret> held) {
    for (Secret secret : held) {
      parts.eraser().held(secret.value());
    }
    for (Secret secret : displaced) {
      if (!holds(held, secret.value())) {
        var unused = parts.eraser().lookAfter(secret.value());
      }
    }
    bounds.change(displaced, held); // last: all before may fail, and may be done twice
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

  // ---- the current version

  /** The entry of a name, made if there is none. */
  Entry entry(String name) {
    Entry known = entries.get(name);
    if (known != null && !closed) {
      return known;
    }
    Entry made = new Entry(this, name);
    Entry first = entries.putIfAbsent(name, made);
    Entry entry = first == null ? made : first;
    if (closed) { // close() may have gone through the map before this entry was in it
      entries.remove(name, entry);
      entry.each(Slot::close);
      throw CallExecutor.closed("get secret", name);
    }
    return entry;
  }

  /** The entry's answer, of the entry that is in the map by then. */
  private <T> PendingAnswer<T> ask(
      String name, Function<Entry, @Nullable PendingAnswer<T>> question) {
    while (true) { // an entry that answers null has left the map before it could be asked
      PendingAnswer<T> answer = question.apply(entry(name));
      if (answer != null) {
        return answer;
      }
    }
  }

  /**
   * Returns the cached answer, the remembered failure, or the running load.
   *
   * @param mode RETRY, or BULK of one of many names
   */
  public PendingAnswer<Secret> read(String name, CallMode mode) {
    return ask(name, entry -> entry.read(mode));
  }

  /**
   * As {@link #read}, but of many names, and by a call for them if a load must be started; alone if
   * there was a write since the batch was made, because it may have been asked before that.
   *
   * @param made when the batch was made
   * @param batch the name's share of the batch
   * @param alone a read of this name only
   */
  public PendingAnswer<Secret> read(
      String name,
      long writesBefore,
      Timestamp made,
      BatchFetch.Share batch,
      Supplier<StoredSecret> alone) {
    return ask(
        name,
        entry ->
            entry.read(
                mode -> {
                  boolean isAlone = writes.get() != writesBefore;
                  Supplier<StoredSecret> fetch = isAlone ? alone : batch;
                  Supplier<Secret> work = () -> loads.accepted(entry, fetch.get());
                  return isAlone
                      ? calls.prepare(mode, "get secret", name, work)
                      : calls.prepareShare(mode, "get secret", name, work, batch::next);
                },
                writes.get() == writesBefore ? made : parts.now()));
  }

  public PendingAnswer<Secret> read(String name, MaxAge age) {
    return ask(name, entry -> entry.read(CallMode.RETRY, age));
  }

  public PendingAnswer<Secret> refresh(String name) {
    return ask(name, Entry::refresh);
  }

  /** The entry of a name, kept fresh from now on. */
  public Entry watched(String name) {
    while (true) { // as in ask
      Entry entry = entry(name);
      if (entry.watch()) {
        return entry;
      }
    }
  }

  /**
   * Returns the immediate answer; null if there is none. A cached {@code get} is the lookup of the
   * entry in the map and this call, nothing else.
   */
  public static <T> @Nullable T served(@Nullable Slot<T> slot) {
    if (slot == null) {
      return null;
    }
    if (!slot.touched) { // written once, not at each read
      slot.touched = true;
    }
    return slot.served;
  }

  /** How many writes there were. */
  public long writes() {
    return writes.get();
  }

  public boolean isCold(String name) {
    Entry entry = entries.get(name);
    return entry == null || entry.isCold();
  }

  // ---- other versions

  /** Returns the version if the cache can answer at once; null if there is something to decide. */
  public @Nullable Secret heldVersion(String name, String id) {
    Entry entry = entries.get(name);
    return entry == null ? null : served(entry.knownSlot(id));
  }

  /** Exactly that version. */
  public PendingAnswer<Secret> version(String name, String id) {
    return ask(
        name,
        entry -> {
          PinnedSlot slot = entry.pinnedSlot(id);
          return slot == null ? null : slot.read(CallMode.RETRY);
        });
  }

  /**
   * Returns the known versions that the cache can answer at once; null if there is something to
   * decide first.
   */
  public @Nullable VersionList heldVersions(String name) {
    return served(versionsSlot(name));
  }

  /** The slot of a name's versions; null if no caller has asked for any. */
  private @Nullable VersionsSlot versionsSlot(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.versions;
  }

  /**
   * Returns the known versions of a name.
   *
   * @param want notes the wanted versions before the backend is asked
   */
  public PendingAnswer<VersionList> versions(String name, Consumer<RequestedVersions> want) {
    return versions(name, want, slot -> slot.read(CallMode.RETRY));
  }

  /** The same, from a list that is young enough. */
  public PendingAnswer<VersionList> versions(
      String name, Consumer<RequestedVersions> want, MaxAge age) {
    return versions(name, want, slot -> slot.read(CallMode.RETRY, age));
  }

  private PendingAnswer<VersionList> versions(
      String name,
      Consumer<RequestedVersions> want,
      Function<VersionsSlot, @Nullable PendingAnswer<VersionList>> question) {
    return ask(
        name,
        entry -> {
          VersionsSlot slot = entry.versionsSlot();
          if (slot == null) {
            return null;
          }
          want.accept(slot.wanted);
          return question.apply(slot);
        });
  }

  /** The versions from a list that is young enough; null if no caller has asked for any. */
  public @Nullable PendingAnswer<VersionList> followed(String name, MaxAge age) {
    VersionsSlot known = versionsSlot(name);
    return known == null || known.heldNow() == null ? null : known.read(CallMode.RETRY, age);
  }

  // ---- hints of others

  /** Whether a version of a name differs from the held one; false if none is held. */
  public boolean isNews(String name, String version) {
    Entry entry = entries.get(name);
    Secret held = entry == null ? null : entry.heldNow();
    if (held != null) {
      return !held.version().equals(version);
    }
    VersionsSlot list = versionsSlot(name);
    return list != null && list.heldNow() != null;
  }

  /** Begins to load what is held of a name, if it is too old; without waiting. */
  public void revalidate(String name, MaxAge age) {
    Entry entry = entries.get(name);
    if (entry != null && entry.heldNow() != null) {
      var unused = entry.read(CallMode.RETRY, age);
    }
    var unusedToo = followed(name, age);
  }

  // ---- all of it

  /** After a write: the held answer and a running load are older than the write. */
  public void forget(String name) {
    overtake(name, null);
  }

  /**
   * After a failed write, or for a caller that knows of a change: the held answer may be outdated.
   * The next read asks the backend and gets the held answer only if the backend fails.
   */
  public void doubt(String name, String reason) {
    overtake(name, reason);
  }

  private void overtake(String name, @Nullable String doubt) {
    writes.incrementAndGet(); // before the entry: a load that misses it is forgotten by its entry
    Entry entry = entries.get(name);
    if (entry != null) {
      entry.changedBy(doubt);
    }
  }

  /** Lets go of a retired entry. */
  void remove(Entry entry) {
    entries.remove(entry.name, entry);
  }

  public SecretStats stats(OptionalLong requests) {
    Duration maxStale = parts.policy().maxStale();
    return parts.metrics().stats(requests, CacheSurvey.of(this), maxStale);
  }

  public void close() {
    closed = true;
    for (Entry entry : entries.values()) {
      entry.each(Slot::close);
    }
    entries.clear();
  }
}
