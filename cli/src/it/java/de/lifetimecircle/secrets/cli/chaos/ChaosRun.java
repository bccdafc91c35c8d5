package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Readers of a real backend while its way breaks, its files vanish, and its writer, a process of
 * its own, is stopped and killed. A ledger has every write, so that each answer can be judged: it
 * is a value of its name, its number never goes back, it was current no longer ago than {@code
 * max-stale} and a tick, a list agrees with the value, a read that accepts no age gets what was
 * written before it, no call takes longer than its deadline, and no write that was confirmed is
 * lost.
 */
final class ChaosRun {
  private static final List<String> NAMES =
      List.of("chaos/a", "chaos/b", "chaos/c", "chaos/d", "chaos/e", "chaos/f");
  private static final int READERS = 4;
  private static final Duration SOFT_AGE = Duration.ofMillis(300);
  private static final Duration MAX_STALE = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The shortest tick of the cache, which a soft age of 300 ms has. */
  private static final Duration TICK = Duration.ofMillis(20);

  private static final Duration SLACK = Duration.ofMillis(100);

  private final Backend backend;
  private final Path folder;
  private final Duration lasts;
  private final ChaosLedger ledger;
  private final Queue<String> objections = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger backwards = new AtomicInteger();
  private final AtomicInteger contradictions = new AtomicInteger();
  private final AtomicInteger blocked = new AtomicInteger();
  private final SplittableRandom random;
  private final ChaosLateness lateness = new ChaosLateness();
  private volatile boolean isOver;
  private int storms;
  private int kills;
  private long oldest;

  private ChaosRun(Backend backend, Path folder, Duration lasts, long seed) {
    this.backend = backend;
    this.folder = folder;
    this.lasts = lasts;
    this.random = new SplittableRandom(seed);
    this.ledger = new ChaosLedger(folder.resolve("ledger"));
  }

  /** The result, in a line; and what was found. */
  record Result(String figures, List<String> objections) {}

  /** Runs that long on this backend. */
  static Result run(String scheme, Path folder, Duration lasts, long seed) throws Exception {
    try (Backend backend = Backend.start(scheme, folder.resolve("backend"))) {
      return new ChaosRun(backend, folder, lasts, seed).run();
    }
  }

  boolean goesOn() {
    return !isOver && objections.size() < 20;
  }

  void object(String what) {
    wrong.incrementAndGet();
    objections.add(what);
  }

  void backwards(String what) {
    backwards.incrementAndGet();
    objections.add(what);
  }

  void contradiction(String what) {
    contradictions.incrementAndGet();
    objections.add(what);
  }

  void judgeWait(String name, long took, int calls) {
    if (took > calls * TIMEOUT.toNanos() + SLACK.toNanos() + 2 * lateness.worst()) {
      blocked.incrementAndGet();
      objections.add(
          name + ": a reader waited " + took / 1_000_000 + " ms for " + calls + " calls");
    }
  }

  private Result run() throws Exception {
    try (ChaosWeather weather = ChaosWeather.of(backend, folder);
        RestartedProcess writer = writer();
        SecretProvider provider = open(weather.settings())) {
      writer.awaitLine("has written every name");
      NAMES.forEach(name -> warm(provider, name));
      List<ChaosReader> readers = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(new ChaosReader(this, provider, NAMES, random.nextLong()));
        Thread thread = new Thread(readers.get(i), "chaos-reader-" + i);
        thread.setUncaughtExceptionHandler((t, e) -> object(t.getName() + " ended with " + e));
        threads.add(thread);
      }
      threads.forEach(Thread::start);
      storm(weather, writer);
      isOver = true;
      for (Thread thread : threads) {
        thread.join();
      }
      writer.close();
      judge(readers);
      judgeTheEnd(provider);
      lateness.close();
      return new Result(figures(readers), List.copyOf(objections));
    }
  }

  /** Until a first call has ended, calls may take longer than their timeout. */
  private static void warm(SecretProvider provider, String name) {
    Secret unused = inCalmWeather(() -> provider.get(name));
  }

  /** Asks again for a while: the machine may be busy, and a failure is remembered for a moment. */
  private static Secret inCalmWeather(Supplier<Secret> read) {
    SecretException last = null;
    for (int tries = 0; tries < 30; tries++) {
      try {
        return read.get();
      } catch (SecretException e) {
        last = e;
      }
      pause(200);
    }
    throw new AssertionError("no answer in calm weather", last);
  }

  private SecretProvider open(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("soft-age", SOFT_AGE.toMillis() + "ms");
    all.put("max-stale", MAX_STALE.toMillis() + "ms");
    all.put("timeout", TIMEOUT.toMillis() + "ms");
    all.put("negative-age", "100ms");
    return SecretProvider.builder().environment(Backend.variables(all)).build();
  }

  private RestartedProcess writer() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("-XX:TieredStopAtLevel=1");
    command.add(ChaosWriter.class.getName());
    command.add(folder.resolve("ledger").toString());
    command.addAll(NAMES);
    Map<String, String> settings = new LinkedHashMap<>(backend.settings());
    settings.put("timeout", "5s");
    return RestartedProcess.start(command, Backend.variables(settings));
  }

  /** Calm and storm in turn, until the end. */
  private void storm(ChaosWeather weather, RestartedProcess writer) throws Exception {
    long end = System.nanoTime() + lasts.toNanos();
    while (goesOn() && System.nanoTime() - end < 0) {
      pause(random.nextLong(200, 1500));
      storms++;
      int kind = random.nextInt(10);
      if (kind == 0) {
        kills++;
        writer.killAndRestart();
      } else if (kind == 1) {
        writer.stop();
        pause(random.nextLong(200, 4000));
        writer.goOn();
      } else {
        weather.begin(random);
        pause(random.nextLong(100, 4500));
        weather.end().ifPresent(this::object);
      }
    }
  }

  private static void pause(long millis) {
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    for (long left = 1; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void judge(List<ChaosReader> readers) throws IOException {
    Map<String, NavigableMap<Integer, ChaosLedger.Write>> writes = ledger.writes();
    for (ChaosReader reader : readers) {
      for (Map.Entry<String, List<ChaosReader.Sight>> each : reader.sights.entrySet()) {
        for (ChaosReader.Sight sight : each.getValue()) {
          judge(each.getKey(), sight, writes.get(each.getKey()));
        }
      }
      for (ChaosReader.Fresh fresh : reader.fresh) {
        int least = lastKnownBefore(writes.get(fresh.name()), fresh.asked());
        if (fresh.number() < least) {
          object(fresh.name() + ": " + fresh.number() + " without an age, after " + least);
        }
      }
    }
  }

  private void judge(
      String name, ChaosReader.Sight sight, NavigableMap<Integer, ChaosLedger.Write> writes) {
    ChaosLedger.Write write = writes.get(sight.number);
    if (write == null || sight.firstSeen < write.begun()) {
      object(name + ": " + sight.number + " was seen before it was written");
      return;
    }
    for (ChaosLedger.Write later : writes.tailMap(sight.number, false).values()) {
      if (later.isKnown()) {
        long age = sight.lastAsked - later.done();
        oldest = Math.max(oldest, age);
        if (age > allowed()) {
          object(name + ": " + sight.number + " was served " + age / 1_000_000 + " ms after it");
        }
        return;
      }
    }
  }

  private long allowed() {
    return MAX_STALE.plus(TICK).plus(SLACK).toNanos() + 2 * lateness.worst();
  }

  private static int lastKnownBefore(NavigableMap<Integer, ChaosLedger.Write> writes, long moment) {
    int last = 0;
    for (Map.Entry<Integer, ChaosLedger.Write> each : writes.entrySet()) {
      if (each.getValue().isKnown() && each.getValue().done() < moment) {
        last = each.getKey();
      }
    }
    return last;
  }

  /**
   * In calm weather and without a writer, every name has its last confirmed value or a later one.
   */
  private void judgeTheEnd(SecretProvider provider) throws IOException {
    Map<String, NavigableMap<Integer, ChaosLedger.Write>> writes = ledger.writes();
    for (String name : NAMES) {
      String text = inCalmWeather(() -> provider.get(name, Duration.ZERO)).asString();
      int least = lastKnownBefore(writes.get(name), Long.MAX_VALUE);
      if (ChaosLedger.number(name, text) < least) {
        object(name + ": the confirmed write " + least + " is lost");
      }
    }
  }

  private String figures(List<ChaosReader> readers) throws IOException {
    long answers = 0;
    long failures = 0;
    long lists = 0;
    long longest = 0;
    for (ChaosReader reader : readers) {
      answers += reader.answers;
      failures += reader.failures;
      lists += reader.lists;
      longest = Math.max(longest, reader.longest);
    }
    int writes = ledger.writes().values().stream().mapToInt(Map::size).sum();
    return String.format(
        Locale.ROOT,
        "chaos: %s: %d s, %d answers and %d refusals in %d storms, %d wrong, %d backwards, oldest %d"
            + " ms of %d, %d contradictions in %d lists, %d blocked, longest call %d ms; %d writes,"
            + " writer killed %d times; the machine was late by %d ms at worst",
        backend.scheme(),
        lasts.toSeconds(),
        answers,
        failures,
        storms,
        wrong.get(),
        backwards.get(),
        oldest / 1_000_000,
        allowed() / 1_000_000,
        contradictions.get(),
        lists,
        blocked.get(),
        longest / 1_000_000,
        writes,
        kills,
        lateness.worst() / 1_000_000);
  }
}
