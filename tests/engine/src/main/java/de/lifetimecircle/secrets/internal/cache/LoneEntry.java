package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.config.LocalOverrides;
import de.lifetimecircle.secrets.internal.config.ValueSizeLimit;
import de.lifetimecircle.secrets.internal.config.ValueValidation;
import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.stress.BareStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A cache with the entry of one name, whose time and loads a race or a test controls.
 *
 * <p>The backend is a number, the current version. A load answers with the version that was current
 * when the load began, however late it ends: the worst backend that is still correct. A load ends
 * when a thread runs its task.
 */
final class LoneEntry extends BareStore implements VersionedStore {
  /** The result of {@link #seen} for no answer at all. */
  static final int NOTHING = 0;

  /** The result of {@link #seen} for a value with some bytes overwritten. */
  static final int TORN = -1;

  /** The result of {@link #seen} for a value that reports itself overwritten. */
  static final int OVERWRITTEN = -2;

  /** How long a busy machine may keep a thread off its processor between two steps. */
  private static final long STALL_NANOS = 1_000_000_000L;

  private static final int SIZE = 32;

  /** For a race that lasts no age: its time stands still. */
  private static final SteppedTimer TIMER = new SteppedTimer();

  static final CachePolicy POLICY =
      new CachePolicy(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          0,
          0,
          Duration.ofMinutes(10),
          100,
          1 << 20);

  private static final EngineMetrics METRICS = new EngineMetrics(List.of(), "race", 0);
  private static final String NAME = "race";

  /** The backend for the load that this thread makes. */
  private static final ThreadLocal<Moment> ANSWERING = new ThreadLocal<>();

  final Cache cache;
  final Entry entry;

  /** How many loads have begun. */
  final AtomicInteger loads = new AtomicInteger();

  /** How often the store was called. */
  final AtomicInteger asked = new AtomicInteger();

  /** The backend's current version. */
  volatile int backend = 1;

  /** How the backend fails instead, if it does. */
  volatile SecretException.@Nullable Kind failing;

  /** Whether the backend tells of other versions. */
  boolean hasList;

  /** Runs once between the backend's answer to a list and its landing. */
  @Nullable Runnable afterListing;

  /** The events that listeners got. */
  final List<SecretEvent> events = new ArrayList<>();

  final SteppedTimer timer;
  private final KeptTasks workers = new KeptTasks(this::begun);
  private final KeptTasks listeners = new KeptTasks();

  /** The backend as it was when a load began. */
  private record Moment(int version, SecretException.@Nullable Kind failing) {}

  private LoneEntry(SteppedTimer timer, ScheduledExecutorService ticks) {
    this.timer = timer;
    SplittableRandom random = new SplittableRandom(1);
    EngineThreads threads =
        new EngineThreads(ticks, workers, workers, workers, listeners, listeners, List.of(), null);
    EngineParts parts =
        new EngineParts(
            NAME,
            "",
            POLICY,
            new CallExecutor(NAME, POLICY, threads, random, METRICS),
            new LocalOverrides(null, Map.of()),
            new ValueValidation(Map.of()),
            ValueSizeLimit.BACKEND,
            new EventDelivery(threads, List.of(events::add), METRICS),
            METRICS,
            new ValueEraser(),
            timer,
            random,
            List.of(),
            threads);
    cache = new Cache(parts, new SecretLoader(this, parts));
    entry = cache.entry(NAME);
  }

  /** A task as it is handed over, with the backend as it is then. */
  private Runnable begun(Runnable task) {
    loads.incrementAndGet();
    Moment now = new Moment(backend, failing);
    return () -> {
      ANSWERING.set(now);
      task.run();
    };
  }

  /** One that holds nothing. */
  static LoneEntry cold() {
    return new LoneEntry(TIMER, TIMER);
  }

  /** One that holds nothing, of another time. */
  static LoneEntry cold(SteppedTimer timer, ScheduledExecutorService ticks) {
    return new LoneEntry(timer, ticks);
  }

  /** One whose first load, of version 1, has begun and lands by {@link #land()}. */
  static LoneEntry loading() {
    LoneEntry loading = cold();
    var unused = loading.read();
    return loading;
  }

  /** One that holds version 1. */
  static LoneEntry held() {
    return held(TIMER);
  }

  /** One that holds version 1, whose ages follow that timer. */
  static LoneEntry held(SteppedTimer timer) {
    LoneEntry held = new LoneEntry(timer, timer);
    var unused = held.read();
    held.land();
    return held;
  }

  /** A tick comes. */
  void tick() {
    entry.each(slot -> slot.tick(now(), false));
  }

  /** Lets time pass, at the end of which a tick comes. */
  void pass(Duration time) {
    timer.pass(time);
    tick();
  }

  /** As a reader reads who found nothing served. */
  @Nullable CompletableFuture<Secret> read() {
    return future(entry.read(CallExecutor.CallMode.RETRY));
  }

  /** A reader who accepts no answer that was asked for before now. */
  @Nullable CompletableFuture<Secret> readYoung() {
    return future(entry.read(CallExecutor.CallMode.RETRY, MaxAge.none(now())));
  }

  /** A refresh, whose load lands by {@link #land()}. */
  @Nullable CompletableFuture<Secret> refreshing() {
    return future(entry.refresh());
  }

  /** The future of an answer; null for a retired entry, which has none. */
  static <T> @Nullable CompletableFuture<T> future(@Nullable PendingAnswer<T> answer) {
    return answer == null ? null : answer.future();
  }

  /** Delivers the events to the listeners. */
  void tell() {
    for (Runnable task = listeners.take(); task != null; task = listeners.take()) {
      task.run();
    }
  }

  /** Begins a load, whatever is held; returns its task. */
  Runnable refresh() {
    PendingAnswer<Secret> unused = entry.refresh();
    return task();
  }

  /** The task of the oldest load that was not landed yet. */
  Runnable task() {
    Runnable task = workers.take();
    return task == null ? () -> {} : task;
  }

  /** The task of the oldest load that was not landed yet; null if all have. */
  @Nullable Runnable next() {
    return workers.take();
  }

  /** Lands the oldest load. */
  void land() {
    task().run();
  }

  /**
   * Lands loads until a reader has its answer. The load of one reader may be begun by another
   * thread that needs it as well, and then it reaches the workers a moment after the reader's own
   * call.
   */
  void land(@Nullable CompletableFuture<Secret> answer) {
    long begun = System.nanoTime();
    while (answer != null && !answer.isDone() && System.nanoTime() - begun < STALL_NANOS) {
      land();
      Thread.onSpinWait();
    }
  }

  /** A write as the pipeline does it: first the backend, then the cache. */
  void write(int version) {
    backend = version;
    cache.forget(NAME);
  }

  /** A handle on the entry; when it finds nothing served it asks the entry, as a provider does. */
  SecretHandle handle() {
    SecretProvider provider =
        (SecretProvider)
            Proxy.newProxyInstance(
                LoneEntry.class.getClassLoader(),
                new Class<?>[] {SecretProvider.class},
                (proxy, method, arguments) ->
                    Objects.requireNonNull(entry.read(CallExecutor.CallMode.RETRY))
                        .join("get secret", NAME));
    return new WatchedHandle(NAME, entry, provider, null);
  }

  /** Returns the version that a reader of the published field alone sees now. */
  int served() {
    return seen(entry.served);
  }

  /** 1 if what is served says that it is stale. */
  int staleness() {
    Secret answer = entry.served;
    return answer != null && answer.origin() == Secret.Origin.STALE ? 1 : 0;
  }

  /**
   * Returns the version of an answer as a reader sees it, if every byte of the value belongs to it.
   */
  static int seen(@Nullable Secret answer) {
    if (answer == null) {
      return NOTHING;
    }
    int version = answer.version().charAt(0) - '0';
    try {
      return whole(answer.value().asBytes(), version);
    } catch (SecretException e) {
      return OVERWRITTEN;
    }
  }

  /** The version if all bytes are its own. */
  static int whole(byte[] bytes, int version) {
    for (byte b : bytes) {
      if (b != version) {
        return TORN;
      }
    }
    return bytes.length == SIZE ? version : TORN;
  }

  /** A value of which every byte is the version. */
  static SecretValue value(int version) {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) version);
    return SecretValue.of(bytes);
  }

  /** The version that a load has brought so far. */
  static int answered(@Nullable CompletableFuture<Secret> answer) {
    return answer == null ? NOTHING : seen(answer.getNow(null));
  }

  /** Now, by this entry's time. */
  Timestamp now() {
    return Timestamp.now(timer);
  }

  private StoredSecret stored(int version) {
    return new StoredSecret(value(version), id(version), Instant.EPOCH);
  }

  private static String id(int version) {
    return String.valueOf((char) ('0' + version));
  }

  private Moment asked() {
    asked.incrementAndGet();
    Moment then = ANSWERING.get();
    SecretException.Kind kind = then.failing();
    if (kind != null) {
      throw SecretException.of(kind, "get secret").name(NAME).build();
    }
    return then;
  }

  @Override
  public StoredSecret fetch(String name) {
    return stored(asked().version());
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    Moment unused = asked();
    return stored(version.charAt(0) - '0');
  }

  @Override
  public List<SecretVersion> versions(String name) {
    int current = asked().version();
    List<SecretVersion> versions = new ArrayList<>();
    for (int version = current; version > 0; version--) {
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      if (version >= current - 1) {
        stages.add(version == current ? Stage.CURRENT : Stage.PREVIOUS);
      }
      versions.add(new SecretVersion(id(version), Instant.EPOCH, stages));
    }
    Runnable then = afterListing;
    afterListing = null;
    if (then != null) {
      then.run();
    }
    return versions;
  }

  @Override
  public Set<Capability> capabilities() {
    return hasList ? EnumSet.of(Capability.VERSIONS) : EnumSet.noneOf(Capability.class);
  }
}
