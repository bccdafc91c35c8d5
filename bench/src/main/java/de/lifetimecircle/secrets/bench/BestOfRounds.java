package de.lifetimecircle.secrets.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The best time of each read over several rounds. A round measures every read once, each in its own
 * JVM, so that a disturbance of the machine affects all of them. The best round is the least
 * disturbed one. Not safe for use by several threads.
 */
final class BestOfRounds {
  private final Map<Read, Cost> best = new HashMap<>();

  /**
   * The measured read.
   *
   * @param contender the method of {@link CachedRead}
   * @param names the number of names that it walked through; 1 if it knows only one
   * @param threads the number of threads that read at once
   */
  record Read(String contender, int names, int threads) {}

  /**
   * The cost of one read.
   *
   * @param nanos time, as each thread sees it
   * @param bytes garbage
   */
  record Cost(double nanos, double bytes) {
    /** The minimum of both; extra garbage comes from other threads. */
    Cost best(Cost other) {
      return new Cost(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }
  }

  /** Takes in the results of one run of JMH. */
  void add(Iterable<RunResult> results) {
    for (RunResult result : results) {
      String method = result.getParams().getBenchmark();
      String names = result.getParams().getParam("names");
      Read read =
          new Read(
              method.substring(method.lastIndexOf('.') + 1),
              names == null ? 1 : Integer.parseInt(names),
              result.getParams().getThreads());
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        add(read, cost(fork.getIterationResults()));
      }
    }
  }

  /**
   * The fastest of the short iterations, since something else may run on this machine at any
   * moment, and the garbage of the middle one, since a little is left by JMH itself.
   */
  private static Cost cost(Collection<IterationResult> iterations) {
    double nanos = Double.POSITIVE_INFINITY;
    List<Double> bytes = new ArrayList<>();
    for (IterationResult iteration : iterations) {
      nanos = Math.min(nanos, iteration.getPrimaryResult().getScore());
      Result<?> garbage = iteration.getSecondaryResults().get("gc.alloc.rate.norm");
      bytes.add(garbage == null ? Double.NaN : garbage.getScore());
    }
    bytes.sort(null);
    return new Cost(nanos, bytes.get(bytes.size() / 2));
  }

  /** Takes in one measurement. */
  void add(Read read, Cost cost) {
    best.merge(read, cost, Cost::best);
  }

  /** The best of a read that must have been measured. */
  Cost of(String contender, int names, int threads) {
    Cost cost = best.get(new Read(contender, names, threads));
    if (cost == null) {
      throw new NoSuchElementException(contender + " of " + names + " was not measured");
    }
    return cost;
  }

  /** Returns the reads of a contender that must have been measured with so many threads. */
  List<Read> reads(String contender, int threads) {
    List<Read> found = readsIfAny(contender, threads);
    if (found.isEmpty()) {
      throw new NoSuchElementException(contender + " was not measured");
    }
    return found;
  }

  /** Returns the reads of a contender with so many threads, by number of names. */
  List<Read> readsIfAny(String contender, int threads) {
    return best.keySet().stream()
        .filter(read -> read.contender().equals(contender) && read.threads() == threads)
        .sorted(Comparator.comparingInt(Read::names))
        .toList();
  }
}
