package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A thread that reads one name as fast as it can, in bursts, and checks every answer against the
 * backend's. Between two bursts it reads a plain field in the same way, for the same noise of the
 * machine, and rests, because two cores carry the backends as well.
 *
 * <p>Whether a read waited is asked of the JVM, which counts how often a thread has waited or was
 * blocked: a clock cannot tell a lock from a processor that does something else.
 *
 * <p>Runs on a thread of its own; the figures may be read once it has ended, and {@link #held} at
 * any time.
 */
final class OutageReader implements Runnable {
  private static final int BURST = 50_000;
  private static final long LONGEST = 120_000_000_000L;
  private static final int DIGITS = 3;

  /**
   * How long before the backend's answer the provider may have begun to ask. It counts the age from
   * there, so it may refuse a value that much earlier than its age since the answer allows.
   */
  private static final long ASKING = 50_000_000L;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final Supplier<Secret> read;
  private final Supplier<? extends @Nullable Secret> fieldRead = this::field;
  private final OutageBackend backend;
  private final Limits limits;
  private final Histogram reads = new Histogram(LONGEST, DIGITS);
  private final Histogram fieldReads = new Histogram(LONGEST, DIGITS);
  private volatile boolean ended;
  private volatile boolean warm;
  private boolean wasWarm;
  private boolean fieldFirst;
  private volatile long held;
  private volatile @Nullable Secret field;
  private @Nullable Secret last;
  private long lastRead;
  private long longest;
  private long waits;
  private long errors;
  private long errorsWhileHeld;
  private long wrong;
  private long backwards;
  private long oldest;

  /** The provider's settings that a reader needs, and its pace. */
  record Limits(long maxStaleNanos, long restMillis) {}

  OutageReader(String name, Supplier<Secret> read, OutageBackend backend, Limits limits) {
    this.name = name;
    this.read = read;
    this.backend = backend;
    this.limits = limits;
  }

  /** The version that was read last; 0 before the first. */
  long held() {
    return held;
  }

  /** Forgets the times of reads while the JVM was still compiling them. */
  void beginToMeasure() {
    warm = true;
  }

  /** Ends the thread after its burst. */
  void end() {
    ended = true;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        forgetTheColdOnes();
        // The first burst after a rest finds the processor's caches cold: each is that in turn.
        if (fieldFirst) {
          readField();
        }
        read(BURST);
        if (!fieldFirst) {
          readField();
        }
        fieldFirst = !fieldFirst;
        RealPause.millis(limits.restMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forgetTheColdOnes() {
    if (warm && !wasWarm) {
      wasWarm = true;
      reads.reset();
      fieldReads.reset();
    }
  }

  /** Reads once, on the calling thread; for a name that no thread of its own reads. */
  void readOnce() {
    read(1);
  }

  /** Returns whether its last read was answered after that moment. */
  boolean isSince(long nanos) {
    return held > 0 && backend.answered(name, held) - nanos >= 0;
  }

  private void read(int times) {
    boolean heldBefore = holds();
    long errorsBefore = errors;
    long before = waitsSoFar();
    // A failure ends the burst: a failing read may be slow, and the reader rests between attempts.
    for (int i = 0; i < times && errors == errorsBefore; i++) {
      once(reads, read);
    }
    long waited = waitsSoFar() - before;
    if (heldBefore && holds() && errors == errorsBefore) {
      waits += waited;
    }
    noteAge();
  }

  private @Nullable Secret field() {
    return field;
  }

  private void readField() {
    field = last;
    long readAt = lastRead;
    for (int i = 0; i < BURST && last != null; i++) {
      once(fieldReads, fieldRead);
    }
    lastRead = readAt; // nothing was served
  }

  /** One read, measured with the clock on both sides. */
  @SuppressWarnings("ReferenceEquality") // The same object was already checked.
  private void once(Histogram into, Supplier<? extends @Nullable Secret> source) {
    long began = System.nanoTime();
    try {
      Secret secret = source.get();
      record(into, System.nanoTime() - began);
      if (secret != null && secret != last) {
        check(secret);
      }
      lastRead = began;
    } catch (SecretException e) {
      record(into, System.nanoTime() - began);
      errors++;
      if (holds(limits.maxStaleNanos() - ASKING)) {
        errorsWhileHeld++;
      }
    }
  }

  private void record(Histogram into, long took) {
    into.recordValue(took);
    longest = Math.max(longest, took);
  }

  private void check(Secret secret) {
    long version = AwsAnswers.version(secret.version());
    if (!secret.name().equals(name)
        || version < 1
        || version > backend.last(name)
        || !secret.asString().equals(AwsAnswers.value(name, version))) {
      wrong++;
    }
    if (version < held) {
      backwards++;
    }
    noteAge();
    last = secret;
    held = version;
  }

  /** Whether something was read that the library may serve still. */
  private boolean holds() {
    return holds(limits.maxStaleNanos());
  }

  private boolean holds(long age) {
    return last != null && System.nanoTime() - backend.answered(name, held) < age;
  }

  /** How old the one that is held was when it was read for the last time. */
  private void noteAge() {
    if (last != null) {
      oldest = Math.max(oldest, lastRead - backend.answered(name, held));
    }
  }

  private static long waitsSoFar() {
    ThreadInfo info = THREADS.getThreadInfo(Thread.currentThread().getId());
    return info.getWaitedCount() + info.getBlockedCount();
  }

  /** How often it waited or was blocked in a read while it held a value. */
  long waits() {
    return waits;
  }

  /** Failed reads. */
  long errors() {
    return errors;
  }

  /** Failed reads while the library had a value that it might serve. */
  long errorsWhileHeld() {
    return errorsWhileHeld;
  }

  /** Answers that the backend never gave. */
  long wrong() {
    return wrong;
  }

  /** Answers that were older than one before. */
  long backwards() {
    return backwards;
  }

  /** The greatest age of an answer, in nanoseconds since the backend gave it. */
  long oldest() {
    return oldest;
  }

  /**
   * Returns the time of the longest read in nanoseconds, including those before the measurement.
   */
  long longest() {
    return longest;
  }

  /** Returns the time of each read in nanoseconds, including that of the clock itself. */
  Histogram reads() {
    return reads;
  }

  /** Returns the time of reading a plain field, measured in the same way. */
  Histogram fieldReads() {
    return fieldReads;
  }
}
