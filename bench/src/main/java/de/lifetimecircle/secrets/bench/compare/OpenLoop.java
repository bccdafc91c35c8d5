package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.SameWork;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Does an operation at a fixed rate and times each from the moment it was due, not from the moment
 * it began: one that keeps the next ones waiting makes those slow as well, as it would for callers
 * who do not know of each other. Used by one thread at a time.
 */
final class OpenLoop {
  /** The share of one caller's capacity that sets the rate. */
  private static final double LOAD = 0.4;

  /** The same for what takes long: waiting for a network varies less than working. */
  private static final double LOAD_OF_SLOW = 0.8;

  private static final double SLOW_MILLIS = 50;

  /** Calls that take so many times what they took in the warm-up were queued. */
  private static final double LATE = 5;

  private static final int LEAST_SLOW_SAMPLES = 4;

  private static final int LEAST_WARM_UP = 20;
  private static final int LEAST_SAMPLES = 8;
  private static final double MILLIS = 1e6;

  /** Where waiting for the network is all that is done, several callers give more samples. */
  private static final double MILLIS_OF_A_CALLER = 8;

  /** A thread that is woken comes this much too late; the rest it waits awake. */
  private static final long AWAKE_NANOS = 150_000;

  private final long slotNanos;
  private final int mostCallers;

  /**
   * A loop.
   *
   * @param slotMillis how long it measures, about
   * @param mostCallers how many may call at once
   */
  OpenLoop(long slotMillis, int mostCallers) {
    this.slotNanos = slotMillis * 1_000_000;
    this.mostCallers = mostCallers;
  }

  /** The timed operation; safe for use by several threads if several may call. */
  interface Operation {
    /**
     * Does it.
     *
     * @param turn counts up from 0
     * @return whether the sample counts
     */
    boolean once(int turn) throws Exception;
  }

  /**
   * Warms up, then measures.
   *
   * @param samples to record into, in milliseconds
   * @param warmUpMillis how long to do it before, at the least
   * @return the samples, with the rate in a note
   * @throws Exception what the operation threw if it threw each time
   */
  SampleSet measure(SampleSet samples, long warmUpMillis, Operation operation) throws Exception {
    AtomicInteger turn = new AtomicInteger();
    double[] warm = warmUp(warmUpMillis, turn, operation);
    double service = warm[1];
    int callers = (int) Math.max(1, Math.min(mostCallers, service / MILLIS_OF_A_CALLER));
    boolean isSlow = service > SLOW_MILLIS;
    long between = (long) (service * MILLIS / callers / (isSlow ? LOAD_OF_SLOW : LOAD));
    int least = isSlow ? LEAST_SLOW_SAMPLES : LEAST_SAMPLES;
    int count = (int) Math.max(least, Math.min(slotNanos / between, 2_000_000));
    Run run = new Run(operation, turn, between, count);
    run.go(callers);
    samples.histogram().add(run.all());
    SampleSet done =
        samples
            .after("warm.times", (long) warm[0])
            .noted(
                callers == 1 ? "rate.1" : "rate.2",
                ResultText.rounded(between / MILLIS, 2),
                callers);
    if (run.all().getValueAtPercentile(50) / SampleSet.SCALE > LATE * service) {
      done = done.noted("queued");
    }
    return run.failures() == 0 ? done : done.noted("failing", run.failures(), count, run.kind);
  }

  /** Does it one after another; the count and the median in milliseconds of the later half. */
  private static double[] warmUp(long millis, AtomicInteger turn, Operation operation)
      throws Exception {
    List<Double> times = new ArrayList<>();
    long begun = System.nanoTime();
    Exception last = null;
    int tries = 0;
    while (tries < LEAST_WARM_UP || System.nanoTime() - begun < millis * MILLIS) {
      long before = System.nanoTime();
      try {
        var unused = operation.once(turn.getAndIncrement());
        times.add((System.nanoTime() - before) / MILLIS);
      } catch (SecretException e) {
        last = e;
      }
      tries++;
      boolean isLate = System.nanoTime() - begun > 3 * Math.max(millis, 500) * MILLIS;
      if (isLate && tries >= 3) {
        break;
      }
    }
    if (times.isEmpty()) {
      throw last == null ? new IllegalStateException("nothing was done") : last;
    }
    double[] later =
        times.subList(times.size() / 2, times.size()).stream().mapToDouble(t -> t).toArray();
    Arrays.sort(later);
    return new double[] {Math.floor(times.size() / 10.0) * 10, later[later.length / 2]};
  }

  /** One measured stretch. */
  private static final class Run {
    private final Operation operation;
    private final AtomicInteger turn;
    private final long between;
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Histogram all = new SampleHistogram();
    private volatile String kind = "";

    Run(Operation operation, AtomicInteger turn, long between, int count) {
      this.operation = operation;
      this.turn = turn;
      this.between = between;
      this.count = count;
    }

    void go(int callers) throws Exception {
      long begun = System.nanoTime() + 2_000_000;
      SameWork.by(callers, () -> call(begun)).forEach(all::add);
    }

    private Histogram call(long begun) throws Exception {
      Histogram own = new SampleHistogram();
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        long due = begun + i * between;
        await(due);
        try {
          if (operation.once(turn.getAndIncrement())) {
            own.recordValue(Math.round((System.nanoTime() - due) / MILLIS * SampleSet.SCALE));
          }
        } catch (SecretException e) {
          failures.incrementAndGet();
          kind = e.kind().name();
        }
      }
      return own;
    }

    private static void await(long due) throws InterruptedException {
      RealPause.nanos(due - AWAKE_NANOS - System.nanoTime());
      while (System.nanoTime() < due) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted in a measurement");
        }
        Thread.onSpinWait();
      }
    }

    Histogram all() {
      return all;
    }

    int failures() {
      return failures.get();
    }
  }
}
