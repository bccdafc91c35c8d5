package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A backend that does everything wrong that a backend does, seldom in calm and often in a storm.
 * Safe for use by several threads.
 */
final class StormyStore extends BareStore {
  /** The faults that can happen. */
  enum Fault {
    NONE,
    FAILS,
    THROTTLES,
    HANGS,
    IS_SLOW,
    ANSWERS_GARBAGE,
    ANSWERS_OLDER,
    BREAKS
  }

  /** How long a replica lags behind at most. */
  static final Duration LAG = Duration.ofMillis(500);

  private final Map<String, Timeline> timelines;
  private final SplittableRandom random;
  private final CountDownLatch never = new CountDownLatch(1);
  private final Fault[] faults = Fault.values();
  private final AtomicLongArray counts = new AtomicLongArray(faults.length);
  private volatile boolean storm;

  StormyStore(Map<String, Timeline> timelines, long seed) {
    this.timelines = timelines;
    this.random = new SplittableRandom(seed);
  }

  /** Turns the weather: often faults from now on, or seldom. */
  void turn() {
    storm = !storm;
  }

  /** How often each fault was met. */
  String counts() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < faults.length; i++) {
      text.append(i == 1 ? "" : ", ").append(faults[i]).append(' ').append(counts.get(i));
    }
    return text.toString();
  }

  /** How many calls there were. */
  long calls() {
    long calls = 0;
    for (int i = 0; i < faults.length; i++) {
      calls += counts.get(i);
    }
    return calls;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.noneOf(Capability.class);
  }

  @Override
  public StoredSecret fetch(String name) {
    int fault;
    int millis;
    synchronized (random) {
      fault = random.nextInt(100) < (storm ? 60 : 3) ? random.nextInt(1, faults.length) : 0;
      millis = random.nextInt(50, 500);
    }
    counts.incrementAndGet(fault);
    return answer(name, faults[fault], millis);
  }

  private StoredSecret answer(String name, Fault fault, int millis) {
    Timeline timeline = timelines.get(name);
    if (timeline == null) {
      throw failure(Kind.NOT_FOUND, name).build();
    }
    switch (fault) {
      case FAILS -> throw failure(Kind.UNAVAILABLE, name).build();
      case THROTTLES ->
          throw failure(Kind.THROTTLED, name).retryAfter(Duration.ofMillis(millis)).build();
      case BREAKS -> throw new IllegalStateException("a defect of the store");
      case HANGS -> pause(name, Integer.MAX_VALUE);
      case IS_SLOW -> {
        StoredSecret read = stored(timeline, timeline.current());
        pause(name, millis); // the read value is older than the answer
        return read;
      }
      case ANSWERS_GARBAGE -> {
        return new StoredSecret(SecretValue.of("<html>"), "1000000", Instant.MAX);
      }
      case ANSWERS_OLDER -> {
        return stored(timeline, timeline.previous(LAG.toNanos()));
      }
      case NONE -> {}
    }
    return stored(timeline, timeline.current());
  }

  private static StoredSecret stored(Timeline timeline, int version) {
    return new StoredSecret(
        SecretValue.of(timeline.text(version)),
        String.valueOf(version),
        Instant.ofEpochSecond(version));
  }

  private void pause(String name, int millis) {
    try {
      boolean unused = never.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(Kind.INTERRUPTED, name).build();
    }
  }

  private static SecretException.Builder failure(Kind kind, String name) {
    return SecretException.of(kind, "fetch secret").name(name).scheme("stormy");
  }
}
