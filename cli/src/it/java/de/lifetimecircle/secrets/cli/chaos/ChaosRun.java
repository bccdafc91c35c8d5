package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * written before it, nobody is refused while a value is held, no call takes longer than its
 * deadline, and the last confirmed write of each name is there at the end.
 */
final class ChaosRun {
  static final Duration SOFT_AGE = Duration.ofMillis(300);
  static final Duration MAX_STALE = Duration.ofSeconds(3);
  static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The shortest tick of the cache, which a soft age of 300 ms has. */
  static final Duration TICK = Duration.ofMillis(20);

  private static final List<String> NAMES =
      List.of("chaos/a", "chaos/b", "chaos/c", "chaos/d", "chaos/e", "chaos/f");
  private static final int READERS = 4;

  /** A reader that has not ended by then is stuck. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private static final int MOST_OBJECTIONS = 20;

  private final Backend backend;
  private final Path folder;
  private final Duration lasts;
  private final ChaosLedger ledger;
  private final Queue<String> objections = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger backwards = new AtomicInteger();
  private final AtomicInteger contradictions = new AtomicInteger();
  private final SplittableRandom random;
  private volatile boolean isOver;
  private int storms;
  private int kills;

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
    return !isOver && objections.size() < MOST_OBJECTIONS;
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

  private Result run() throws Exception {
    ChaosLoads loads = new ChaosLoads();
    try (ChaosWeather weather = ChaosWeather.of(backend);
        RestartedProcess writer = writer();
        ChaosLateness lateness = new ChaosLateness();
        SecretProvider provider = open(weather.settings(), loads)) {
      writer.awaitLine("has written every name");
      NAMES.forEach(name -> warm(provider, name));
      List<ChaosReader> readers = readWhile(provider, () -> storm(weather, writer));
      writer.close();
      ChaosJudge judge = new ChaosJudge(this, lateness, loads, ledger.writes());
      readers.forEach(judge::judge);
      for (String name : NAMES) {
        Secret last = inCalmWeather(() -> provider.get(name, Duration.ZERO));
        int least = judge.lastKnownBefore(name, Long.MAX_VALUE);
        if (ChaosLedger.number(name, last.asString()) < least) {
          object(name + ": the confirmed write " + least + " is lost");
        }
      }
      return new Result(figures(readers, judge, lateness), List.copyOf(objections));
    }
  }

  /** What happens meanwhile. */
  private interface Storms {
    void pass() throws Exception;
  }

  private List<ChaosReader> readWhile(SecretProvider provider, Storms storms) throws Exception {
    List<ChaosReader> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new ChaosReader(this, provider, NAMES, random.nextLong()));
      Thread thread = new Thread(readers.get(i), "chaos-reader-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> object(t.getName() + " ended with " + e));
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    try {
      storms.pass();
    } finally {
      isOver = true;
    }
    for (Thread thread : threads) {
      thread.join(STUCK.toMillis());
      if (thread.isAlive()) {
        throw new AssertionError(
            thread.getName() + " is stuck in " + Arrays.toString(thread.getStackTrace()));
      }
    }
    return readers;
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

  private SecretProvider open(Map<String, String> settings, ChaosLoads loads) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("soft-age", SOFT_AGE.toMillis() + "ms");
    all.put("max-stale", MAX_STALE.toMillis() + "ms");
    all.put("timeout", TIMEOUT.toMillis() + "ms");
    all.put("negative-age", "100ms");
    return SecretProvider.builder().environment(Backend.variables(all)).metrics(loads).build();
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
        writer.stop();
        pause(random.nextLong(200, 4000));
        writer.goOn();
        continue;
      }
      weather.begin(random);
      pause(random.nextLong(100, 2500));
      if (kind == 1) { // so that a writer also starts where its store is away
        kills++;
        writer.killAndRestart();
        pause(2000);
      }
      pause(random.nextLong(100, 2000));
      weather.end().ifPresent(this::object);
    }
  }

  private static void pause(long millis) {
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    for (long left = 1; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private String figures(List<ChaosReader> readers, ChaosJudge judge, ChaosLateness lateness)
      throws IOException {
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
    if (answers < 100 || lists < 10 || storms == 0 || writes <= NAMES.size()) {
      object("too little happened: " + answers + " answers, " + lists + " lists");
    }
    return String.format(
        Locale.ROOT,
        "chaos: %s: %d s, %d answers and %d refusals in %d storms, %d wrong, %d backwards, oldest %d"
            + " ms, %d contradictions in %d lists, %d blocked, longest call %d ms; %d writes, writer"
            + " killed %d times; the machine was late by %d ms at worst",
        backend.scheme(),
        lasts.toSeconds(),
        answers,
        failures,
        storms,
        wrong.get(),
        backwards.get(),
        judge.oldest / 1_000_000,
        contradictions.get(),
        lists,
        judge.blocked,
        longest / 1_000_000,
        writes,
        kills,
        lateness.worst() / 1_000_000);
  }
}
