package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SharedLoad.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One entry whose time, loads and host a test controls: time passes by {@link #pass}, a load ends
 * by {@link #land}, and what the entry tells its host is in {@link #said}. For one thread.
 */
final class EntryBench implements EntryHost<Secret> {
  static final Duration SOFT_AGE = Duration.ofMinutes(5);
  static final Duration MAX_STALE = Duration.ofHours(1);
  static final Duration TICK = Duration.ofSeconds(1);
  static final Duration IDLE = Duration.ofMinutes(10);
  private static final EngineMetrics METRICS = new EngineMetrics(List.of(), "bench", 0);
  private static final CachePolicy POLICY =
      new CachePolicy(
          SOFT_AGE,
          MAX_STALE,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          0,
          0,
          IDLE,
          100,
          1 << 20);

  final SteppedTimer timer;
  final KeptTasks workers = new KeptTasks();
  final List<String> said = new ArrayList<>();
  final Entry<Secret> entry;

  /** The backend's current version, which a load gets that begins now. */
  int backend = 1;

  /** How the backend fails instead, if it does. */
  @Nullable Kind failing;

  /** How many loads were made. */
  int loads;

  /** The entry that this one follows, if any. */
  @Nullable Entry<?> leader;

  private final CallExecutor calls;
  private final EntryParts parts;

  EntryBench() {
    this(new SteppedTimer());
  }

  /** With ticks by that timer. */
  EntryBench(ScheduledExecutorService ticks) {
    this.timer = ticks instanceof SteppedTimer stepped ? stepped : new SteppedTimer();
    SplittableRandom random = new SplittableRandom(1);
    EngineThreads threads =
        new EngineThreads(ticks, workers, workers, workers, workers, workers, List.of(workers));
    this.calls = new CallExecutor("bench", POLICY, threads, random, METRICS);
    this.parts = new EntryParts(POLICY, random, calls.sweep);
    this.entry = new Entry<>(this);
  }

  /** Holds the backend's version. */
  EntryBench held() {
    var unused = read();
    land();
    return this;
  }

  /** A reader that found nothing served. */
  CompletableFuture<Secret> read() {
    return future(entry.read(CallExecutor.Patience.RETRY));
  }

  /** A reader who accepts no answer that was asked for before now. */
  CompletableFuture<Secret> readYoung() {
    return future(entry.read(CallExecutor.Patience.RETRY, AcceptedAge.none(now())));
  }

  CompletableFuture<Secret> refresh() {
    return future(entry.refresh());
  }

  /** The future of an answer, which a retired entry has not. */
  static CompletableFuture<Secret> future(@Nullable Answer<Secret> answer) {
    return Objects.requireNonNull(answer, "the entry is retired").future();
  }

  /** Lets time pass, at the end of which a tick comes. */
  void pass(Duration time) {
    timer.pass(time);
    entry.tick(now(), false);
  }

  /** The task of the oldest load that has begun and not landed. */
  Runnable task() {
    return Objects.requireNonNull(workers.take(), "no load has begun");
  }

  void land() {
    task().run();
  }

  /** The version of an answer that is there. */
  static String version(CompletableFuture<Secret> answer) {
    Secret secret = answer.getNow(null);
    return secret == null ? "none" : secret.version();
  }

  /** What readers get without asking: its version, and whether it says that it is stale. */
  String served() {
    Secret answer = entry.served;
    if (answer == null) {
      return "none";
    }
    return answer.version() + (answer.origin() == Secret.Origin.STALE ? " stale" : "");
  }

  @Override
  public CallExecutor.Call<Secret> load(CallExecutor.Patience patience) {
    int version = backend;
    Kind kind = failing;
    return calls.prepare(
        patience,
        "get secret",
        "bench",
        () -> {
          if (kind != null) {
            throw SecretException.of(kind, "get secret").name("bench").build();
          }
          return LoneEntry.answer(version);
        });
  }

  @Override
  public @Nullable Consumer<@Nullable SecretException> recording(CallExecutor.Patience patience) {
    loads++;
    return null;
  }

  @Override
  public Secret cached(Secret fresh) {
    return fresh;
  }

  @Override
  public Secret stale(Secret fresh, String reason) {
    return fresh.asStale(reason);
  }

  /** The news, if it is of a later version. */
  @Override
  public Secret amended(Secret held, Secret news) {
    return held.version().compareTo(news.version()) < 0 ? news : held;
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
  public @Nullable Entry<?> leader() {
    return leader;
  }

  @Override
  public void expired(Secret held) {
    said.add("expired " + held.version());
  }

  @Override
  public void overtaken(@Nullable Secret held) {
    said.add("overtaken " + (held == null ? "nothing" : held.version()));
  }

  @Override
  public void overwrite(Secret held) {
    said.add("overwritten " + held.version());
  }

  @Override
  public void remove(Entry<Secret> retired) {
    said.add("removed");
  }
}
