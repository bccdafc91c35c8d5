package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.TimeSource;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One run of a process whose heap is full for a while, so that every thread of the provider meets
 * an {@code OutOfMemoryError} somewhere: holds 2,000 names, fills the heap, frees it, waits longer
 * than max-stale and a tick, and then looks for names that are frozen: served from the cache
 * although they are older than that. Started with a small heap by {@code tests/engine/run heap}.
 * Argument: {@code --full-seconds N}.
 */
public final class FullHeap {
  private static final int NAMES = 2000;

  /** Every so many names one has a handle. */
  private static final int HANDLES = 20;

  private static final Duration MAX_STALE = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofSeconds(1);

  /** A machine that runs many of these is late. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private static final int LARGEST = 1 << 18;
  private static final int SMALLEST = 32;

  private static final AtomicLong VERSION = new AtomicLong(1);

  /** How many calls for many names met the full heap on the caller's own thread. */
  private static final AtomicLong ROUNDS_REFUSED = new AtomicLong();

  private FullHeap() {}

  /** Runs; ends the process with 1 if a name is frozen, or fails on the healthy backend. */
  public static void main(String[] arguments) throws InterruptedException {
    // Loads what prints an error: if its first use met the full heap, no later error could be
    // printed in this process.
    System.out.println("at " + new Throwable().getStackTrace()[0]);
    Arguments given = Arguments.of(arguments, "--full-seconds");
    Duration full = Duration.ofSeconds(given.number("--full-seconds", 3));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      names.add("name-" + i);
    }
    SecretProvider provider =
        SecretProvider.builder()
            .store(new Healthy())
            .environment(Map.of())
            .set("soft-age", "1s")
            .set("max-stale", MAX_STALE.toSeconds() + "s")
            .build();
    provider.getAll(names);
    List<SecretHandle> handles = new ArrayList<>();
    for (int i = 0; i < NAMES; i += HANDLES) {
      handles.add(provider.handle(names.get(i)));
    }
    Thread caller = new Thread(() -> readOthers(provider), "caller");
    caller.setDaemon(true);
    caller.start();
    pause(Duration.ofSeconds(2));
    int errors = fillHeap(full);
    VERSION.incrementAndGet();
    pause(MAX_STALE.plus(TICK).plus(SLACK).plus(SLACK));
    caller.join(9_000); // less than the deadline of a call that lost its answer
    boolean isStuck = caller.isAlive();
    List<Supplier<Secret>> reads = new ArrayList<>();
    names.forEach(name -> reads.add(() -> provider.get(name)));
    handles.forEach(handle -> reads.add(handle::get));
    report(reads, errors, isStuck);
  }

  /** Reads names that no reader has read, by calls for many, until after the heap is full. */
  private static void readOthers(SecretProvider provider) {
    for (int round = 0; round < 60; round++) {
      try {
        List<String> cold = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          cold.add("other-" + round + "-" + i);
        }
        provider.getAll(cold);
      } catch (OutOfMemoryError e) { // on this thread; the next round reads others
        ROUNDS_REFUSED.incrementAndGet();
      } finally {
        pause(Duration.ofMillis(100));
      }
    }
  }

  private static void report(List<Supplier<Secret>> reads, int errors, boolean isStuck) {
    int frozen = 0;
    int failed = 0;
    int old = 0;
    Duration oldest = Duration.ZERO;
    for (Supplier<Secret> read : reads) {
      try {
        Secret secret = read.get();
        Duration age = Duration.between(secret.fetchedAt(), TimeSource.system().instant());
        oldest = age.compareTo(oldest) > 0 ? age : oldest;
        frozen += age.compareTo(MAX_STALE.plus(TICK).plus(SLACK)) > 0 ? 1 : 0;
        old += secret.asString().equals("version " + VERSION.get()) ? 0 : 1;
      } catch (SecretException e) {
        failed++;
        System.out.println("  " + e.getMessage());
      }
    }
    System.out.println(
        "frozen "
            + frozen
            + ", failed "
            + failed
            + ", of the old version "
            + old
            + ", oldest "
            + oldest.toMillis()
            + " ms, "
            + errors
            + " allocations and "
            + ROUNDS_REFUSED
            + " calls refused"
            + (isStuck ? ", a call that does not end" : ""));
    System.exit(errors > 0 && !isStuck && frozen + failed + old == 0 ? 0 : 1);
  }

  /** Keeps the heap full for so long; returns how often there was no memory. */
  private static int fillHeap(Duration full) {
    byte[][] hog = new byte[100_000][];
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    int kept = 0;
    int size = LARGEST;
    int errors = 0;
    while (System.nanoTime() - end < 0 && kept < hog.length) {
      try {
        hog[kept] = new byte[size];
        kept++;
      } catch (OutOfMemoryError e) {
        if (errors == 0) { // full from now on, however long that took on a busy machine
          end = System.nanoTime() + full.toNanos();
        }
        // what the others gave back meanwhile is taken as well
        errors++;
        size = Math.max(SMALLEST, size / 8);
      }
    }
    return hog[0].length == LARGEST ? errors : 0;
  }

  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** A backend that always answers. */
  private static final class Healthy extends BareStore implements BatchStore {
    @Override
    public StoredSecret fetch(String name) {
      long version = VERSION.get();
      return new StoredSecret(
          SecretValue.of("version " + version), Long.toString(version), Instant.EPOCH);
    }

    @Override
    public Map<String, Answer> fetchAll(Collection<String> names) {
      Map<String, Answer> answers = new HashMap<>();
      names.forEach(name -> answers.put(name, Answer.of(fetch(name))));
      return answers;
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of(Capability.BATCH);
    }
  }
}
