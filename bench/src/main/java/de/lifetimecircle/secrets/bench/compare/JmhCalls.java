package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * The same calls as {@link TimedCalls} without a distance, by JMH: one after another as fast as
 * they come back, each timed from its own beginning. That is what a call takes; what a caller waits
 * for a caller at a time of its own is in {@link OpenLoop}. In this very process, for the reason
 * that {@link CachedGet} gives.
 */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class JmhCalls {
  /** The prefix of these measurements' ids. */
  static final String PREFIX = "jmh-";

  /** How many kinds of calls there are. */
  static final int OPERATIONS = 4 + TimedCalls.BATCHES.length;

  private static final int ITERATIONS = 5;
  private static final long LEAST_MILLIS = 40;
  private static final long FIRST_WARM_UP_MILLIS = 1200;

  /** JMH makes the objects of this class itself, so this is how they are handed the call. */
  private static final List<OpenLoop.Operation> HELD = new CopyOnWriteArrayList<>();

  private final OpenLoop.Operation operation = HELD.get(0);
  private int turn;

  /** Made by JMH. */
  public JmhCalls() {}

  /**
   * The call.
   *
   * @throws Exception what it throws: JMH ends then
   */
  @Benchmark
  public boolean call() throws Exception {
    return operation.once(turn++);
  }

  static void go(WorkerAssignment work, ComparisonWorker lab) {
    ParticipantAccess subject = work.subject();
    boolean[] isWarm = new boolean[1];
    measure(lab, "cold-get", () -> TimedCall.coldGet(subject), work, isWarm);
    for (int size : TimedCalls.BATCHES) {
      measure(lab, "batch-" + size, () -> TimedCall.batch(subject, size), work, isWarm);
    }
    measure(lab, "get-by-version", () -> TimedCall.getByVersion(subject), work, isWarm);
    measure(lab, "put", () -> TimedCall.put(subject, "jmh-" + work.round()), work, isWarm);
    measure(lab, "list", () -> TimedCall.list(subject), work, isWarm);
  }

  /** Makes the call that is timed. */
  interface Making {
    TimedCall call() throws Exception;
  }

  private static void measure(
      ComparisonWorker lab, String id, Making making, WorkerAssignment work, boolean[] isWarm) {
    lab.measure(
        ResultText.measure(PREFIX + id),
        () -> {
          try (TimedCall call = making.call()) {
            var unused = call.operation().once(0); // what it throws, JMH would wrap
            long slot = Math.max(LEAST_MILLIS, work.slotMillis() / ITERATIONS);
            long warmUp = isWarm[0] ? Math.max(slot, work.slotMillis() / 4) : FIRST_WARM_UP_MILLIS;
            isWarm[0] = true;
            return timed(call, slot, warmUp);
          }
        });
  }

  private static SampleSet timed(TimedCall call, long slot, long warmUp) throws RunnerException {
    HELD.add(call.operation());
    try {
      SampleSet samples =
          SampleSet.of(PREFIX + call.id(), "ms")
              .after("warm.millis", warmUp)
              .noted("jmh.calls", ITERATIONS, slot);
      ChainedOptionsBuilder warm =
          options(JmhCalls.class)
              .warmupIterations(1)
              .warmupTime(TimeValue.milliseconds(warmUp))
              .measurementIterations(ITERATIONS)
              .measurementTime(TimeValue.milliseconds(slot));
      for (Result<?> iteration : iterations(warm)) {
        take(iteration.getStatistics(), samples);
      }
      return samples;
    } finally {
      HELD.clear();
    }
  }

  private static void take(Statistics found, SampleSet into) {
    for (var raw = found.getRawData(); raw.hasNext(); ) {
      Map.Entry<Double, Long> entry = raw.next();
      into.histogram()
          .recordValueWithCount(Math.round(entry.getKey() * SampleSet.SCALE), entry.getValue());
    }
  }

  /** Runs the one benchmark of a class in this process, by one thread, and prints nothing. */
  static ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include(Pattern.quote(benchmark.getName()) + "\\.\\w+$")
        .forks(0)
        .threads(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  /** Runs a benchmark, and returns the result of each iteration. */
  static List<Result<?>> iterations(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build())
        .run().stream()
            .flatMap(result -> result.getBenchmarkResults().stream())
            .flatMap(run -> run.getIterationResults().stream())
            .<Result<?>>map(IterationResult::getPrimaryResult)
            .toList();
  }
}
