package de.lifetimecircle.secrets.bench.herd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.herd.CountingStore.State;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * Sends a herd to a cold name, in a process of its own, since virtual threads need a newer Java
 * than the one that builds.
 *
 * <p>Prints {@code WHO STATE NAMES CALLS SLOWEST ODD} for each kind of run ({@code ours} with one
 * try, {@code default} as the library comes, {@code lone} the same for one caller alone): the most
 * calls of one name in any round, what the slowest caller of the best round took, in nanoseconds,
 * and how many callers had another outcome than the backend's; and {@code pins PINNED SEEN}.
 */
public final class HerdProgram {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);
  private static final int SOME_NAMES = 16;

  /** One try in one load, so that a call that is one too many cannot pass for a retry. */
  private static final Map<String, String> NO_RETRY = Map.of("retries", "0");

  private static final Map<String, String> AS_IT_COMES = Map.of();

  private final ThreadHerd herd;
  private final BenchMode mode;

  private HerdProgram(ThreadHerd herd, BenchMode mode) {
    this.herd = herd;
    this.mode = mode;
  }

  /**
   * Runs all rounds.
   *
   * @param args {@code platform|virtual SIZE MODE}
   * @throws Exception whatever goes wrong
   */
  public static void main(String[] args) throws Exception {
    boolean virtual = args[0].equals("virtual");
    ThreadFactory threads = virtual ? virtualThreads() : Executors.defaultThreadFactory();
    ThreadHerd herd = new ThreadHerd(threads, Integer.parseInt(args[1]));
    HerdProgram program = new HerdProgram(herd, BenchMode.valueOf(args[2]));
    program.warmUp();
    try (PinnedThreads pins = new PinnedThreads()) {
      program.everything(OUT);
      if (virtual) {
        OUT.println("pins " + pins.count() + " " + PinnedThreads.ofOneThatIsPinned(threads));
      }
    }
    if (!virtual) { // it lets one caller after another try, which for 10,000 takes too long
      program.caffeine(State.UP);
      program.caffeine(State.DOWN);
    }
  }

  private void warmUp() throws InterruptedException {
    for (int i = 0; i < mode.pick(2, 2, 1); i++) {
      everything(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    }
  }

  private void everything(PrintStream out) throws InterruptedException {
    for (State state : State.values()) {
      bare(state, out);
      ours(herd, state, 1, NO_RETRY, out);
      ours(herd, state, SOME_NAMES, NO_RETRY, out);
      ours(herd, state, 1, AS_IT_COMES, out);
      ours(herd.ofOne(), state, 1, AS_IT_COMES, out);
    }
  }

  private CountingStore store(State state) {
    return new CountingStore(state, CountingStore.latencyMillis(mode));
  }

  private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
    Method builder = Thread.class.getMethod("ofVirtual"); // from Java 21 on
    Method factory = builder.getReturnType().getMethod("factory");
    return (ThreadFactory) factory.invoke(builder.invoke(null));
  }

  private void ours(
      ThreadHerd callers, State state, int names, Map<String, String> settings, PrintStream out)
      throws InterruptedException {
    CountingStore store = store(state);
    SecretProviderBuilder builder = SecretProvider.builder().environment(Map.of()).store(store);
    settings.forEach(builder::set);
    String who = settings.isEmpty() ? callers.size() == 1 ? "lone" : "default" : "ours";
    try (SecretProvider provider = builder.build()) {
      out.println(rounds(who, callers, store, names, provider::get));
    }
  }

  /** The least that can be done: a future that all wait for, and no library. */
  private void bare(State state, PrintStream out) throws InterruptedException {
    CountingStore store = store(state);
    ConcurrentMap<String, FutureTask<StoredSecret>> flights = new ConcurrentHashMap<>();
    Executor worker = work -> Executors.defaultThreadFactory().newThread(work).start();
    out.println(rounds("bare", herd, store, 1, name -> await(flights, worker, store, name)));
  }

  private static StoredSecret await(
      ConcurrentMap<String, FutureTask<StoredSecret>> flights,
      Executor worker,
      CountingStore store,
      String name) {
    FutureTask<StoredSecret> mine = new FutureTask<>(() -> store.fetch(name));
    FutureTask<StoredSecret> first = flights.putIfAbsent(name, mine);
    if (first == null) {
      worker.execute(mine);
    }
    try {
      return (first == null ? mine : first).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the flight failed", e);
    }
  }

  private void caffeine(State state) throws InterruptedException {
    CountingStore store = store(state);
    LoadingCache<String, String> cache =
        Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(5))
            .build(name -> store.fetch(name).value().asString());
    OUT.println(rounds("caffeine", herd, store, 1, cache::get));
  }

  private String rounds(
      String who, ThreadHerd callers, CountingStore store, int names, Function<String, ?> question)
      throws InterruptedException {
    int calls = 0;
    int odd = 0;
    long slowest = Long.MAX_VALUE;
    int rounds = who.equals("caffeine") ? 1 : mode.pick(5, 5, 1); // 64 calls in a row take seconds
    for (int round = 0; round < rounds; round++) {
      store.forget();
      ThreadHerd.Run run = callers.ask(newNames(round, names), question);
      calls = Math.max(calls, store.mostCalls());
      slowest = Math.min(slowest, run.slowest());
      odd += Math.abs(run.failed() - store.failing(callers.size()));
    }
    return String.format(
        Locale.ROOT, "%s %s %d %d %d %d", who, store.state(), names, calls, slowest, odd);
  }

  private static List<String> newNames(int round, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(String.format(Locale.ROOT, "herd/NAME_%d_%d", round, i));
    }
    return names;
  }
}
