package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.stress.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One history: some threads read, refresh, put, fail to put and rotate a few names at once, each by
 * a plan that its seed decides, and every operation is recorded with its begin and its end.
 *
 * <p>The seed fixes the plan, the ages and the store's slowness; how the threads meet is new at
 * every run, so a seed that found something is run many times.
 */
final class HistoryRun {
  static final int THREADS = 4;
  private static final List<String> NAMES = List.of("one", "two", "three");
  private static final int OPERATIONS = 250;

  /** Far above the age of any answer here; a cache that never refreshed would exceed it. */
  private static final long STUCK_SECONDS = 30;

  private static final Duration MAX_STALE = Duration.ofSeconds(2);

  private final long seed;
  private final LedgerStore store;
  private final SecretWriter writer;
  private final SecretProvider provider;
  private final Map<String, Integer> first = new ConcurrentHashMap<>();
  private final Map<String, SecretHandle> handles = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Queue<Operation>> histories = new ConcurrentHashMap<>();
  private final Queue<String> objections = new ConcurrentLinkedQueue<>();

  HistoryRun(long seed) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    this.store = new LedgerStore(random.nextInt(5, 300));
    this.writer =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("soft-age", random.nextInt(1, 20) + "ms")
            .set("max-stale", MAX_STALE.toMillis() + "ms")
            .set("idle", "1m")
            .buildWriter();
    this.provider = writer.provider();
    for (String name : NAMES) {
      first.put(name, store.rotate(name, name + " at first"));
      histories.put(name, new ConcurrentLinkedQueue<>());
      if (random.nextInt(3) > 0) { // the others stay cold until a caller reads them
        handles.put(name, provider.handle(name));
      }
    }
  }

  /** Runs and checks; returns one text for each finding. */
  List<String> objections(ExecutorService threads) throws InterruptedException {
    List<Callable<Boolean>> plans = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      plans.add(() -> follow(thread));
    }
    for (Future<Boolean> plan : threads.invokeAll(plans, STUCK_SECONDS, TimeUnit.SECONDS)) {
      try {
        plan.get();
      } catch (CancellationException e) {
        objections.add("a thread was stuck for " + STUCK_SECONDS + " s");
      } catch (ExecutionException e) {
        objections.add("an operation failed though the backend never does: " + e.getCause());
      }
    }
    writer.close();
    histories.forEach(
        (name, history) -> {
          List<Operation> bounded =
              Register.bounded(
                  List.copyOf(history), first.getOrDefault(name, 0), MAX_STALE.toNanos());
          int held = first.getOrDefault(name, 0);
          String objection = Linearizer.objection(bounded, new Register(held, 0));
          if (!objection.isEmpty()) {
            objections.add(name + ": " + objection);
          }
        });
    return List.copyOf(objections);
  }

  /** How many operations were recorded. */
  int operations() {
    return histories.values().stream().mapToInt(Queue::size).sum();
  }

  private boolean follow(int thread) {
    SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
    for (int i = 0; i < OPERATIONS; i++) {
      operate(random, NAMES.get(random.nextInt(NAMES.size())), "text " + thread + "." + i);
      if (random.nextInt(8) == 0) {
        LockSupport.parkNanos(random.nextInt(50_000));
      }
    }
    return true;
  }

  private void operate(SplittableRandom random, String name, String text) {
    int choice = random.nextInt(100);
    if (choice < 40) {
      record(Kind.READ, name, () -> seen(provider.get(name)));
    } else if (choice < 55) {
      SecretHandle handle = handles.get(name);
      record(Kind.READ, name, () -> seen(handle == null ? provider.get(name) : handle.get()));
    } else if (choice < 65) {
      record(Kind.READ, name, () -> seen(provider.getAsync(name).join()));
    } else if (choice < 75) {
      readAll();
    } else if (choice < 80) {
      record(Kind.REFRESH, name, () -> seen(provider.refresh(name)));
    } else if (choice < 88) {
      record(Kind.STORE, name, () -> store.rotate(name, text));
    } else if (choice < 96) {
      put(name, text);
    } else {
      record(Kind.FORGET, name, () -> failToPut(name));
    }
  }

  private void record(Kind kind, String name, Supplier<Integer> operation) {
    long begun = System.nanoTime();
    int version = operation.get();
    long ended = System.nanoTime();
    keep(name, new Operation(kind, begun, ended, version));
  }

  private void readAll() {
    long begun = System.nanoTime();
    Map<String, SecretResult> results = provider.getAll(NAMES);
    long ended = System.nanoTime();
    results.forEach(
        (name, result) ->
            keep(name, new Operation(Kind.READ, begun, ended, seen(result.orElseThrow()))));
  }

  private void keep(String name, Operation operation) {
    histories.getOrDefault(name, new ConcurrentLinkedQueue<>()).add(operation);
  }

  /** The version of an answer, whose value must be the one that was put under it. */
  private int seen(Secret secret) {
    int version = Integer.parseInt(secret.version());
    if (!secret.asString().equals(store.text(version))) {
      objections.add(secret.name() + ": version " + version + " has a value that is not its own");
    }
    return version;
  }

  private void put(String name, String text) {
    long begun = System.nanoTime();
    try (SecretValue value = SecretValue.of(text)) {
      int version = Integer.parseInt(writer.put(name, value).version());
      long ended = System.nanoTime();
      keep(name, new Operation(Kind.STORE, begun, ended, version));
      keep(name, new Operation(Kind.OVERTAKE, begun, ended, version));
    }
  }

  private int failToPut(String name) {
    try {
      writer.promote(name, "no such version");
      throw new IllegalStateException("a promotion that the store refuses was done");
    } catch (SecretException expected) {
      return 0;
    }
  }
}
