package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads many names for a long time while the backend fails at random and rotates at random, and
 * checks of every answer that its value is whole and its own, that it was current at some moment
 * inside its age, that no reader sees a version go back while the name is held, and that no reader
 * is stuck at the end.
 *
 * <p>The age is max-stale plus delays that the cache cannot know: the deadline of a call, during
 * which an answer may have been in transit, the lag of the replica that answered, and the measured
 * delay with which the machine wakes a timer. Arguments: {@code --seconds N}, {@code --seed N}.
 */
public final class Soak {
  private static final int NAMES = 60;
  private static final int READERS = 4;
  private static final Duration MAX_STALE = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration STUCK = Duration.ofSeconds(20);
  private static final long SLACK_NANOS = 100_000_000;

  /** On a busy machine the time may pass before this many answers; then the run takes longer. */
  private static final long LEAST_ANSWERS = 10_000;

  private static final Duration LONGEST_EXTENSION = Duration.ofMinutes(3);

  private record Step(String name, int from, int to, long seen, long now) {}

  private record Expiry(String name, long at) {}

  private final Map<String, Timeline> timelines = new TreeMap<>();
  private final Lateness lateness = new Lateness();
  private final Queue<String> objections = new ConcurrentLinkedQueue<>();
  private final Queue<Step> backwards = new ConcurrentLinkedQueue<>();
  private final Queue<Expiry> expiries = new ConcurrentLinkedQueue<>();
  private final long seed;
  private final long end;
  private final LongAdder answers = new LongAdder();
  private long rotations;

  private Soak(long seed, long seconds) {
    this.seed = seed;
    this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; i < NAMES; i++) {
      timelines.put("name-" + i, new Timeline("name-" + i));
    }
  }

  /** Runs; ends the process with 1 if anything was wrong. */
  public static void main(String[] arguments) throws InterruptedException {
    Arguments given = Arguments.of(arguments, "--seconds", "--seed");
    long seed = given.number("--seed", System.nanoTime() & 0xFFFFFFFFL);
    long seconds = given.number("--seconds", 600);
    System.exit(new Soak(seed, seconds).passes(seconds) ? 0 : 1);
  }

  boolean goesOn() {
    long late = System.nanoTime() - end;
    boolean time =
        late < 0 || (answers.sum() < LEAST_ANSWERS && late < LONGEST_EXTENSION.toNanos());
    return time && objections.size() < 20;
  }

  void answered() {
    answers.increment();
  }

  Timeline timeline(String name) {
    return timelines.getOrDefault(name, new Timeline("of no name"));
  }

  long ageNanos() {
    return MAX_STALE.plus(TIMEOUT).plus(StormyStore.LAG).toNanos() + SLACK_NANOS + lateness.worst();
  }

  long deadlineNanos() {
    return TIMEOUT.toNanos() + SLACK_NANOS + 2 * lateness.worst();
  }

  void object(String objection) {
    objections.add(objection);
  }

  /** Keeps a step back for later: the event that would excuse it may still be on its way. */
  void wentBack(String name, int from, int to, long seen, long now) {
    backwards.add(new Step(name, from, to, seen, now));
  }

  private void expired(SecretEvent event) {
    if (event.type() == SecretEvent.Type.EXPIRED) {
      expiries.add(new Expiry(event.name(), System.nanoTime()));
    }
  }

  private SecretProvider open(StormyStore store) {
    SecretProviderBuilder builder =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("soft-age", "100ms")
            .set("max-stale", MAX_STALE.toMillis() + "ms")
            .set("negative-age", "100ms")
            .set("timeout", TIMEOUT.toMillis() + "ms")
            .set("retries", "1")
            .listener(this::expired);
    timelines
        .keySet()
        .forEach(
            name ->
                builder.validator(
                    name,
                    value ->
                        value.asString().startsWith("secret of " + name + " ")
                            ? Optional.empty()
                            : Optional.of("expected: a secret of that name")));
    return builder.build();
  }

  private boolean passes(long seconds) throws InterruptedException {
    StormyStore store = new StormyStore(timelines, seed);
    SecretProvider provider = open(store);
    endColdStart(provider);
    List<SoakReader> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new SoakReader(this, provider, List.copyOf(timelines.keySet()), seed + i + 1));
      Thread thread = new Thread(readers.get(i), "reader-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> object(t.getName() + " ended with " + e));
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    Footprint footprint = weather(store, seconds);
    awaitReaders(threads);
    footprint.last().ifPresent(this::object);
    provider.close();
    Footprint.afterClose().ifPresent(this::object);
    judgeStepsBack();
    judgeTimes(readers);
    if (answers.sum() < LEAST_ANSWERS) {
      object("only " + answers.sum() + " answers (expected: >= " + LEAST_ANSWERS + ")");
    }
    lateness.close();
    report(store, readers, footprint);
    return objections.isEmpty();
  }

  /** At the end: only then is it known how late this machine was at worst. */
  private void judgeTimes(List<SoakReader> readers) {
    for (SoakReader reader : readers) {
      if (reader.longest > deadlineNanos()) {
        object("a reader waited " + reader.longest / 1_000_000 + " ms");
      }
      if (reader.oldest > ageNanos()) {
        object("a version was served past its age, " + reader.oldest + " ns");
      }
    }
  }

  /**
   * Makes one call, whatever comes of it: until a first one has ended, a call may take six times
   * its timeout, and a reader that met a silent store then would be judged by the wrong limit.
   */
  private void endColdStart(SecretProvider provider) {
    try {
      Secret unused = provider.get(timelines.keySet().iterator().next());
    } catch (SecretException e) {
      if (!SoakReader.TROUBLE.contains(e.kind())) {
        object("the first call failed with " + e.kind());
      }
    }
  }

  /**
   * Waits for the readers, each of which has at most one call to end; one that does not is stuck.
   */
  private void awaitReaders(List<Thread> threads) throws InterruptedException {
    long until = System.nanoTime() + deadlineNanos() + STUCK.toNanos();
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
      if (thread.isAlive()) {
        object(thread.getName() + " is stuck in " + List.of(thread.getStackTrace()));
      }
    }
  }

  /** Rotates and turns the weather until the end. */
  private Footprint weather(StormyStore store, long seconds) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Timeline> all = List.copyOf(timelines.values());
    Footprint footprint = new Footprint();
    long begun = System.nanoTime();
    long turn = begun;
    boolean warm = false;
    while (goesOn()) {
      all.get(random.nextInt(all.size())).rotate();
      rotations++;
      if (System.nanoTime() > turn) {
        store.turn();
        turn = System.nanoTime() + random.nextLong(500_000_000L, 4_000_000_000L);
        footprint.look().ifPresent(this::object);
      }
      if (!warm && System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(seconds) / 4) {
        footprint.warm();
        warm = true;
      }
      LockSupport.parkNanos(random.nextLong(20_000_000L));
    }
    return footprint;
  }

  /**
   * A version may go back only if the name was given up in between: no reader knew the newer one.
   */
  private void judgeStepsBack() {
    for (Step step : backwards) {
      boolean excused =
          expiries.stream()
              .anyMatch(
                  e ->
                      e.name().equals(step.name())
                          && e.at() >= step.seen()
                          && e.at() <= step.now() + SLACK_NANOS + lateness.worst());
      if (!excused) {
        object(step.name() + ": went back from version " + step.from() + " to " + step.to());
      }
    }
  }

  private void report(StormyStore store, List<SoakReader> readers, Footprint footprint) {
    Map<Secret.Origin, Long> origins = new EnumMap<>(Secret.Origin.class);
    Map<SecretException.Kind, Long> failures = new EnumMap<>(SecretException.Kind.class);
    readers.forEach(reader -> reader.origins.forEach((o, n) -> origins.merge(o, n, Long::sum)));
    readers.forEach(reader -> reader.failures.forEach((k, n) -> failures.merge(k, n, Long::sum)));
    objections.stream().limit(10).forEach(objection -> System.out.println("  " + objection));
    System.out.println("  served " + origins + ", failed " + failures);
    System.out.println("  backend: " + store.calls() + " calls, " + store.counts());
    System.out.printf(
        Locale.ROOT,
        "  %d rotations, %d names expired, oldest %d ms (allowed %d), longest wait %d ms, %s%n",
        rotations,
        expiries.size(),
        readers.stream().mapToLong(reader -> reader.oldest).max().orElse(0) / 1_000_000,
        ageNanos() / 1_000_000,
        readers.stream().mapToLong(reader -> reader.longest).max().orElse(0) / 1_000_000,
        footprint);
    System.out.printf(
        Locale.ROOT,
        "stress: soak: %d answers served, %d wrong (seed %d)%n",
        answers.sum(),
        objections.size(),
        seed);
  }
}
