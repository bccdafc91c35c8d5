package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.SharedLoad.Answer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One cache entry without the rest of the cache, created for each round of a race.
 *
 * <p>The backend is a number, the current version. A load answers with the version that was current
 * when the load began, however late it ends: the worst backend that is still correct. A load ends
 * when a thread runs its task.
 */
final class LoneEntry implements EntryHost<Secret> {
  /** The result of {@link #seen} for no answer at all. */
  static final int NOTHING = 0;

  /** The result of {@link #seen} for a value with some bytes overwritten. */
  static final int TORN = -1;

  /** The result of {@link #seen} for a value that reports itself overwritten. */
  static final int OVERWRITTEN = -2;

  /** Looks that a thread has time for between two steps of another one, a hundred times over. */
  private static final int MOMENT = 1_000_000;

  private static final int SIZE = 32;

  /** For a race that lasts no age: its time stands still. */
  private static final SteppedTimer TIMER = new SteppedTimer();

  private static final CachePolicy POLICY =
      new CachePolicy(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          0,
          0,
          Duration.ofHours(1),
          100,
          1 << 20);

  private static final EngineMetrics METRICS = new EngineMetrics(List.of(), "race", 0);

  final Entry<Secret> entry;
  final AtomicInteger loads = new AtomicInteger();

  /** How often the store was called. */
  final AtomicInteger asked = new AtomicInteger();

  volatile int backend = 1;
  private final KeptTasks workers = new KeptTasks();
  private final SteppedTimer timer;
  private final CallExecutor calls;
  private final EntryParts parts;

  private LoneEntry(SteppedTimer timer) {
    this.timer = timer;
    SplittableRandom random = new SplittableRandom(1);
    EngineThreads threads =
        new EngineThreads(timer, workers, workers, workers, workers, workers, List.of(workers));
    calls = new CallExecutor("race", POLICY, threads, random, METRICS);
    parts = new EntryParts(POLICY, random, calls.sweep);
    entry = new Entry<>(this);
  }

  /** One that holds nothing. */
  static LoneEntry cold() {
    return new LoneEntry(TIMER);
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
    LoneEntry held = new LoneEntry(timer);
    var unused = held.read();
    held.land();
    return held;
  }

  /** A tick comes. */
  void tick() {
    entry.tick(now(), false);
  }

  /** As a reader reads who found nothing served. */
  @Nullable CompletableFuture<Secret> read() {
    Answer<Secret> answer = entry.read(CallExecutor.Patience.RETRY);
    return answer == null ? null : answer.future();
  }

  /** Begins a load, whatever is held; returns its task. */
  Runnable refresh() {
    Answer<Secret> unused = entry.refresh();
    return task();
  }

  /** The task of the oldest load that was not landed yet. */
  Runnable task() {
    Runnable task = workers.take();
    return task == null ? () -> {} : task;
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
    for (int i = 0; i < MOMENT && answer != null && !answer.isDone(); i++) {
      land();
      Thread.onSpinWait();
    }
  }

  /** A write as the pipeline does it: first the backend, then the cache. */
  void write(int version) {
    backend = version;
    entry.invalidate();
  }

  /** A handle on the entry; when it finds nothing served it asks the entry, as a provider does. */
  SecretHandle handle() {
    SecretProvider provider =
        (SecretProvider)
            Proxy.newProxyInstance(
                LoneEntry.class.getClassLoader(),
                new Class<?>[] {SecretProvider.class},
                (proxy, method, arguments) ->
                    Objects.requireNonNull(entry.read(CallExecutor.Patience.RETRY))
                        .join("get secret", "race"));
    return new WatchedHandle("race", entry, provider, null);
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

  @Override
  public CallExecutor.Call<Secret> load(CallExecutor.Patience patience) {
    loads.incrementAndGet();
    int version = backend;
    return calls.prepare(patience, "get secret", "race", () -> asked(version));
  }

  private Secret asked(int version) {
    asked.incrementAndGet();
    return answer(version);
  }

  /** Returns the backend's answer with that version. */
  static Secret answer(int version) {
    return Secret.fetched(
        "race",
        value(version).toShared(),
        String.valueOf((char) ('0' + version)),
        Instant.ofEpochSecond(version),
        Instant.EPOCH,
        "race");
  }

  @Override
  public Secret cached(Secret fresh) {
    return fresh.cached();
  }

  @Override
  public Secret stale(Secret fresh, String reason) {
    return fresh.asStale(reason);
  }

  @Override
  public EntryParts parts() {
    return parts;
  }

  @Override
  public ClockReading now() {
    return ClockReading.now(timer);
  }

  @Override
  public void overwrite(Secret held) {
    held.value().overwrite();
  }

  @Override
  public void remove(Entry<Secret> retired) {}
}
