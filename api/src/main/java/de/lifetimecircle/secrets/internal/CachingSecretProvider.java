package de.lifetimecircle.secrets.internal;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.internal.cache.BatchFetch;
import de.lifetimecircle.secrets.internal.cache.Cache;
import de.lifetimecircle.secrets.internal.cache.EngineParts;
import de.lifetimecircle.secrets.internal.cache.Entry;
import de.lifetimecircle.secrets.internal.cache.MaxAge;
import de.lifetimecircle.secrets.internal.cache.PendingAnswer;
import de.lifetimecircle.secrets.internal.cache.RequestedVersions;
import de.lifetimecircle.secrets.internal.cache.SecretLoader;
import de.lifetimecircle.secrets.internal.cache.Timestamp;
import de.lifetimecircle.secrets.internal.cache.VersionList;
import de.lifetimecircle.secrets.internal.cache.VersionSelection;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.internal.call.StackRoom;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.internal.events.CallerFutures;
import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.push.PushLoop;
import de.lifetimecircle.secrets.internal.push.RotationNotifications;
import de.lifetimecircle.secrets.internal.push.RotationPush;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import de.lifetimecircle.secrets.internal.types.SecretNames;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.MissingSecrets;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of every read, outermost stage first: closed check, name check, override, cache with
 * single flight ({@link Cache}, {@link Entry}), deadline and retry ({@link CallExecutor}), store
 * and validation ({@link SecretLoader}), publication, events ({@link EventDelivery}), figures
 * ({@link EngineMetrics}).
 */
public final class CachingSecretProvider implements SecretProvider {
  private static final String VALID = "get the valid versions of secret";

  /** Version and scheme of an override, which no backend numbered. */
  private static final String OVERRIDE = "override";

  private final SecretStore store;
  private final EngineParts parts;
  private final SecretLoader loads;
  private final Cache cache;

  /** The map of the cache in which every {@code get} looks. */
  private final ConcurrentMap<String, Entry> entries;

  private final CallerFutures async;

  private final EngineMetrics metrics;

  /** The metrics, if they want to hear of the reads that the cache answers at once; for handles. */
  private final @Nullable EngineMetrics readMetrics;

  /** The channel that tells of rotations, if there is one. */
  private final @Nullable RotationPush push;

  private final @Nullable PushLoop listening;

  private volatile boolean closed;

  public CachingSecretProvider(SecretStore store, EngineParts parts, @Nullable RotationPush push) {
    this.push = push;
    this.store = store;
    this.parts = parts;
    this.loads = new SecretLoader(store, parts);
    this.cache = new Cache(parts, loads);
    this.entries = cache.entries;
    this.metrics = parts.metrics();
    this.async = new CallerFutures(parts.threads().callbacks, metrics);
    this.readMetrics = metrics.wantsCachedReads() ? metrics : null;
    this.listening =
        push == null ? null : new PushLoop(push, newInbox(push.policy()), parts.random());
    metrics.opened(this);
    StackRoom.require(); // so that the first reader finds its class
  }

  // ---- the current version

  @Override
  public Secret get(String name) {
    // A name that the cache serves has passed every check before the cache.
    Secret served = name == null ? null : Cache.served(entries.get(name));
    if (served != null) {
      return readMetrics == null ? served : readMetrics.read(served);
    }
    return metrics.read(read(name, CallMode.RETRY).join("get secret", String.valueOf(name)));
  }

  @Override
  public Secret get(String name, Duration maxAge) {
    requireUsable("get secret", name);
    MaxAge age = MaxAge.of(maxAge, parts.now());
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return metrics.read(override.get());
    }
    PendingAnswer<Secret> answer = cache.read(name, age);
    return metrics.read(awaitBoth(answer, cache.followed(name, age), "get secret", name));
  }

  /**
   * Returns the current version. If readers follow the name's list of versions, it waits until the
   * list is as new, so that both always agree. Fails as the current version alone does.
   */
  private static Secret awaitBoth(
      PendingAnswer<Secret> answer,
      @Nullable PendingAnswer<VersionList> followed,
      String action,
      String name) {
    Secret current = answer.join(action, name);
    if (followed != null) {
      // A list that fails is the failure of those who ask for versions; its entry remembers it.
      CompletableFuture<Boolean> listed =
          followed.future().handle((known, failure) -> known != null);
      CallExecutor.await(listed, action, name);
    }
    return current;
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
      return async.of(read(name, CallMode.RETRY).urgent());
    } catch (SecretException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private PendingAnswer<Secret> read(String name, CallMode mode) {
    requireUsable("get secret", name);
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return PendingAnswer.of(override.get());
    }
    return cache.read(name, mode);
  }

  private void requireUsable(String action, String name) {
    StackRoom.require();
    if (closed) {
      throw CallExecutor.closed(action, String.valueOf(name));
    }
    SecretNames.require(name);
  }

  private Optional<Secret> override(String name) {
    Optional<SecretValue> value = parts.overrides().find(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String source = "the override " + parts.overrides().variable(name).orElse("");
    parts.validation().require("use an override for secret", name, source, value.get());
    Secret override =
        EngineAccess.types()
            .fetched(
                name,
                value.get(),
                OVERRIDE,
                Instant.EPOCH,
                parts.time().instant(),
                OVERRIDE,
                Secret.Origin.OVERRIDE);
    return Optional.of(override);
  }

  // ---- many names

  @Override
  public Map<String, SecretResult> getAll(Collection<String> names) {
    Map<String, SecretResult> results = new LinkedHashMap<>();
    for (Map.Entry<String, PendingAnswer<Secret>> each : readAll(names).entrySet()) {
      results.put(each.getKey(), resultOf(each.getKey(), each.getValue()));
    }
    return results;
  }

  @Override
  public void prefetch(Collection<String> names) {
    readAll(names);
  }

  @Override
  public void require(String... names) {
    List<SecretException> failures = new ArrayList<>();
    for (SecretResult result : getAll(List.of(names)).values()) {
      if (result.error().isPresent()) {
        failures.add(result.error().get());
      }
    }
    if (!failures.isEmpty()) {
      throw MissingSecrets.of(
          failures, failures.stream().map(SecretException::getMessage).toList());
    }
  }

  private Map<String, PendingAnswer<Secret>> readAll(Collection<String> names) {
    StackRoom.require();
    Set<String> distinct = new LinkedHashSet<>(names);
    long writes = cache.writes();
    Timestamp made = parts.now();
    Map<String, BatchFetch> batches =
        store instanceof BatchStore many ? batches(many, distinct) : Map.of();
    Map<String, PendingAnswer<Secret>> answers = new LinkedHashMap<>();
    for (String name : distinct) {
      answers.put(name, readWith(batches.get(name), writes, made, name));
    }
    return answers;
  }

  /** The call that each cold name is read by. */
  private Map<String, BatchFetch> batches(BatchStore many, Collection<String> names) {
    List<String> cold = new ArrayList<>();
    for (String name : names) {
      if (isForBatch(name) && cache.isCold(name)) {
        cold.add(name);
      }
    }
    return BatchFetch.of(many, parts.calls(), cold, parts::stored);
  }

  private PendingAnswer<Secret> readWith(
      @Nullable BatchFetch batch, long writes, Timestamp made, String name) {
    try {
      if (batch != null) {
        String stored = parts.stored(name);
        return cache.read(name, writes, made, batch.of(stored), () -> store.fetch(stored));
      }
      return read(name, CallMode.BULK);
    } catch (SecretException e) {
      return PendingAnswer.failed(e);
    }
  }

  /** Whether the backend is asked for it; all else has its answer or its failure without. */
  private boolean isForBatch(String name) {
    return SecretNames.isUsable(name) && !closed && !parts.overrides().isSet(name);
  }

  private SecretResult resultOf(String name, PendingAnswer<Secret> answer) {
    try {
      return EngineAccess.types().result(metrics.read(answer.join("get secret", name)));
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.INTERRUPTED) {
        throw e;
      }
      return EngineAccess.types().result(name, e);
    }
  }

  // ---- kept fresh

  @Override
  public Secret refresh(String name) {
    requireUsable("refresh secret", name);
    Optional<Secret> override = override(name);
    if (override.isPresent()) {
      return override.get();
    }
    MaxAge age = MaxAge.none(parts.now());
    PendingAnswer<Secret> answer = cache.refresh(name);
    return awaitBoth(answer, cache.followed(name, age), "refresh secret", name);
  }

  @Override
  public void invalidate(String name) {
    requireUsable("invalidate secret", name);
    cache.doubt(name, "it was invalidated");
  }

  @Override
  public SecretHandle handle(String name) {
    requireUsable("make a handle for secret", name);
    return cache.handles.make(name, watched(name), this, readMetrics);
  }

  /** The entry, kept fresh; null for a name that is overridden, which the cache must never hold. */
  private @Nullable Entry watched(String name) {
    return parts.overrides().isSet(name) ? null : cache.watched(name);
  }

  @Override
  public SecretListener.Registration onChange(String name, SecretListener listener) {
    Objects.requireNonNull(listener, "listener");
    return onEvent(
        name,
        event -> {
          if (event.type() == SecretEvent.Type.ROTATED) {
            listener.onEvent(event);
          }
        });
  }

  @Override
  public SecretListener.Registration onEvent(String name, SecretListener listener) {
    requireUsable("listen to secret", name);
    Object place = parts.events().register(name, listener);
    Entry entry = watched(name);
    return () -> {
      if (parts.events().remove(name, place) && entry != null) {
        entry.unwatch();
      }
    };
  }

  // ---- other versions

  @Override
  public Secret get(String name, VersionSelector selector) {
    if (VersionSelection.isCurrent(selector)) {
      return get(name);
    }
    requireUsable("get a version of secret", name);
    if (selector instanceof VersionSelector.ById byId) {
      Secret pinned = cache.heldVersion(name, byId.version());
      return pinned != null
          ? pinned
          : cache.version(name, byId.version()).join("get a version of secret", name);
    }
    VersionList held = cache.heldVersions(name);
    Secret value = held == null ? null : held.value(selector);
    return value != null ? value : selected(name, selector);
  }

  /** A version by its stage or place, which follow from the list of versions. */
  private Secret selected(String name, VersionSelector selector) {
    String action = "get a version of secret";
    VersionList known = cache.versions(name, wanted -> wanted.want(selector)).join(action, name);
    if (known.pick(selector).isEmpty()) { // a miss has its own short age
      MaxAge negative = MaxAge.of(parts.policy().negativeAge(), parts.now());
      known = cache.versions(name, wanted -> wanted.want(selector), negative).join(action, name);
    }
    Optional<SecretVersion> version = known.pick(selector);
    if (version.isEmpty()) {
      throw VersionSelection.none(name, parts.scheme(), selector);
    }
    Secret value = known.value(selector);
    // The list may be from before anybody asked for this version; the next one brings its value.
    return value != null ? value : cache.version(name, version.get().id()).join(action, name);
  }

  @Override
  public List<SecretVersion> versions(String name) {
    requireUsable("list the versions of secret", name);
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    return once("list the versions of secret", name, () -> versioned.versions(parts.stored(name)));
  }

  @Override
  public List<Secret> validVersions(String name) {
    VersionList held = name == null ? null : cache.heldVersions(name);
    List<Secret> accepted = held == null ? null : held.accepted();
    if (accepted != null) { // as in get
      return accepted;
    }
    if (!loads.keepsVersions()) { // then no other version is ever valid
      return List.of(get(name));
    }
    requireUsable(VALID, name);
    Optional<Secret> override = override(name);
    return override.isPresent()
        ? List.of(override.get())
        : accepted(name, cache.versions(name, RequestedVersions::wantAccepted));
  }

  @Override
  public List<Secret> validVersions(String name, Duration maxAge) {
    if (!loads.keepsVersions()) {
      return List.of(get(name, maxAge));
    }
    requireUsable(VALID, name);
    MaxAge age = MaxAge.of(maxAge, parts.now());
    Optional<Secret> override = override(name);
    return override.isPresent()
        ? List.of(override.get())
        : accepted(name, cache.versions(name, RequestedVersions::wantAccepted, age));
  }

  private List<Secret> accepted(String name, PendingAnswer<VersionList> answer) {
    List<Secret> accepted = answer.join(VALID, name).accepted();
    while (accepted == null) { // a list from before anybody asked for the valid ones
      MaxAge none = MaxAge.none(parts.now());
      accepted =
          cache.versions(name, RequestedVersions::wantAccepted, none).join(VALID, name).accepted();
    }
    return accepted;
  }

  // ---- questions that are not cached

  @Override
  public List<String> list(String prefix) {
    if (closed) {
      throw CallExecutor.closed("list secrets", prefix);
    }
    ListableStore listable = ability(ListableStore.class, "list names");
    int cut = parts.prefix().length();
    List<String> found =
        parts
            .calls()
            .runInSteps(
                CallMode.RETRY,
                "list secrets",
                prefix,
                progress -> listable.list(parts.prefix() + prefix, progress));
    List<String> names = new ArrayList<>();
    for (String name : found) {
      names.add(name.substring(cut));
    }
    return List.copyOf(names);
  }

  @Override
  public Map<String, String> describe(String name) {
    requireUsable("describe secret", name);
    return once("describe secret", name, () -> store.describe(parts.stored(name)));
  }

  @Override
  public Map<String, String> check() {
    if (closed) {
      throw CallExecutor.closed("check the backend", parts.scheme());
    }
    return once("check the backend", parts.scheme(), store::check);
  }

  private <T> T once(String action, String name, Supplier<T> work) {
    return parts.calls().run(CallMode.RETRY, action, name, work);
  }

  @Override
  public List<Setting> settings() {
    return parts.settings();
  }

  @Override
  public SecretStats stats() {
    return cache.stats(store.requests());
  }

  // ---- what the writer and the builder need

  <A> A ability(Class<A> ability, String action) {
    return loads.ability(ability, action);
  }

  /** A write was done. */
  void written(String name) {
    cache.forget(name);
  }

  /** A write failed, which may have been done all the same. */
  void writeFailed(String name, SecretException error) {
    cache.doubt(name, "a write that failed: " + error.kind());
  }

  /** Begins to listen for rotations, if there is a channel. */
  public void listen() {
    if (listening != null) {
      listening.start();
    }
  }

  /** Creates an inbox for messages about rotations of the held names. */
  public RotationNotifications newInbox(PushSettings policy) {
    return new RotationNotifications(cache, parts, policy);
  }

  /** Tells the other processes of a rotation. */
  void announce(String name, String version) {
    requireUsable(RotationPush.ANNOUNCE, name);
    RotationPush.announce(
        push, name, new RotationNotice(parts.stored(name), version, parts.time().instant()));
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (listening != null) {
        listening.close();
      }
    } finally { // a channel is foreign code
      parts.calls().close();
      cache.close();
      parts.close();
      store.close();
      metrics.closed();
    }
  }
}
