package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * A cached read, by JMH in this very process: the process was started for this participant alone,
 * and JMH's own fork could get the credentials only where others can see them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CachedGet {
  private static final int ITERATION_MILLIS = 50;
  private static final int WARM_UPS = 8;
  private static final int LEAST = 10;

  /** JMH makes the objects of this class itself, so this is how they are handed the provider. */
  private static final List<SecretProvider> HELD = new CopyOnWriteArrayList<>();

  private static String[] names = {};
  private final SecretProvider provider = HELD.get(0);
  private int next;

  /** Made by JMH. */
  public CachedGet() {}

  /** The read. */
  @Benchmark
  public Secret get() {
    next = next + 1 >= names.length ? 0 : next + 1;
    return provider.get(names[next]);
  }

  static SampleSet measure(ParticipantAccess subject, WorkerAssignment work)
      throws RunnerException {
    try (BackendClient client = BackendClient.caching(subject)) {
      List<String> all = BackendClient.names(BackendClient.ROUND);
      all.forEach(name -> client.provider().require(name));
      names = all.toArray(String[]::new);
      HELD.add(client.provider());
      int count = (int) Math.max(LEAST, work.slotMillis() / ITERATION_MILLIS);
      SampleSet samples =
          SampleSet.of("cached-get", "ns")
              .after("warm.iterations", WARM_UPS, ITERATION_MILLIS)
              .noted("jmh.mean", ITERATION_MILLIS);
      ChainedOptionsBuilder warm =
          JmhCalls.options(CachedGet.class)
              .warmupIterations(WARM_UPS)
              .warmupTime(TimeValue.milliseconds(ITERATION_MILLIS))
              .measurementIterations(count)
              .measurementTime(TimeValue.milliseconds(ITERATION_MILLIS));
      for (Result<?> iteration : JmhCalls.iterations(warm)) {
        var unused = samples.add(iteration.getScore());
      }
      return samples;
    } finally {
      HELD.clear();
    }
  }
}
