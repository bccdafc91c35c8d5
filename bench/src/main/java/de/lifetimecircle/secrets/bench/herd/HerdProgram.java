package de.lifetimecircle.secrets.bench.herd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
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
 * <p>Prints {@code WHO STATE NAMES CALLS SLOWEST FAILED} for each kind of run ({@code ours} with
 * one try, {@code default} as the library comes, {@code lone} the same for one caller alone): the
 * most calls of one name in any round, and what the slowest caller of the best round took, in
 * nanoseconds; and {@code pins PINNED SEEN}.
 */
public final class HerdProgram {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 2;
  private static final int SOME_NAMES = 16;

  /** One try in one load, so that a call that is one too many cannot pass for a retry. */
  private static final Map<String, String> NO_RETRY = Map.of("retries", "0");

  private static final Map<String, String> AS_IT_COMES = Map.of();

  private HerdProgram() {}

  /**
   * Runs all rounds.
   *
   * @param args {@code platform|virtual SIZE}
   * @throws Exception whatever goes wrong
   */
  public static void main(String[] args) throws Exception {
    boolean virtual = args[0].equals("virtual");
    ThreadFactory threads = virtual ? virtualThreads() : Executors.defaultThreadFactory();
    ThreadHerd herd = new ThreadHerd(threads, Integer.parseInt(args[1]));
    for (int i = 0; i < WARM_UP; i++) {
      everything(herd, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    }
    try (CarrierPins pins = new CarrierPins()) {
      everything(herd, OUT);
      if (virtual) {
        OUT.println("pins " + pins.count() + " " + CarrierPins.ofOneThatIsPinned(threads));
      }
    }
    if (!virtual) { // it lets one caller after another try, which for 10,000 takes too long
      caffeine(herd, State.UP);
      caffeine(herd, State.DOWN);
    }
  }

  private static void everything(ThreadHerd herd, PrintStream out) throws InterruptedException {
    for (State state : State.values()) {
      bare(herd, state, out);
      ours(herd, state, 1, NO_RETRY, out);
      ours(herd, state, SOME_NAMES, NO_RETRY, out);
      ours(herd, state, 1, AS_IT_COMES, out);
      ours(herd.ofOne(), state, 1, AS_IT_COMES, out);
    }
  }

  private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
    Method builder = Thread.class.getMethod("ofVirtual"); // from Java 21 on
    Method factory = builder.getReturnType().getMethod("factory");
    return (ThreadFactory) factory.invoke(builder.invoke(null));
  }

  private static void ours(
      ThreadHerd herd, State state, int names, Map<String, String> settings, PrintStream out)
      throws InterruptedException {
    CountingStore store = new CountingStore(state);
    SecretProviderBuilder builder = SecretProvider.builder().environment(Map.of()).store(store);
    settings.forEach(builder::set);
    String who = settings.isEmpty() ? herd.size() == 1 ? "lone" : "default" : "ours";
    try (SecretProvider provider = builder.build()) {
      out.println(rounds(who, herd, store, names, provider::get));
    }
  }

  /** The least that can be done: a future that all wait for, and no library. */
  private static void bare(ThreadHerd herd, State state, PrintStream out)
      throws InterruptedException {
    CountingStore store = new CountingStore(state);
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

  private static void caffeine(ThreadHerd herd, State state) throws InterruptedException {
    CountingStore store = new CountingStore(state);
    LoadingCache<String, String> cache =
        Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(5))
            .build(name -> store.fetch(name).value().asString());
    OUT.println(rounds("caffeine", herd, store, 1, cache::get));
  }

  private static String rounds(
      String who, ThreadHerd herd, CountingStore store, int names, Function<String, ?> question)
      throws InterruptedException {
    int calls = 0;
    int failed = 0;
    long slowest = Long.MAX_VALUE;
    int rounds = who.equals("caffeine") ? 1 : ROUNDS; // 64 calls in a row take seconds
    for (int round = 0; round < rounds; round++) {
      store.forget();
      ThreadHerd.Run run = herd.ask(newNames(round, names), question);
      calls = Math.max(calls, store.mostCalls());
      slowest = Math.min(slowest, run.slowest());
      failed += run.failed();
    }
    return String.format(
        Locale.ROOT, "%s %s %d %d %d %d", who, store.state(), names, calls, slowest, failed);
  }

  private static List<String> newNames(int round, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(String.format(Locale.ROOT, "herd/NAME_%d_%d", round, i));
    }
    return names;
  }
}
