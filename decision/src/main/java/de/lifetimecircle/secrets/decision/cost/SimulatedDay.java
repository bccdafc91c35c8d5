package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.cost.QuotaShare.Peak;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/** The calls in each second of a simulated day. Not thread-safe. */
final class SimulatedDay {
  /** Instances that start. */
  private final long[] starts = new long[CostPlan.SECONDS_A_DAY];

  /** Reads of names that an instance does not hold yet. */
  private final long[] loads = new long[CostPlan.SECONDS_A_DAY];

  private final long[] refreshes = new long[CostPlan.SECONDS_A_DAY];
  private final long[] rereads = new long[CostPlan.SECONDS_A_DAY];
  private final long[] puts = new long[CostPlan.SECONDS_A_DAY];

  void start(int second, int names) {
    starts[second]++;
    loads[second] += names;
  }

  void refresh(int second) {
    refreshes[second]++;
  }

  void reread(int second) {
    rereads[second]++;
  }

  void put(int second) {
    puts[second]++;
  }

  /** Refreshes in the whole day. */
  long refreshes() {
    return LongStream.of(refreshes).sum();
  }

  /** The stretch of that many seconds with the most refreshes, starts and rotations left out. */
  Peak busiestRefreshes(int seconds) {
    return busiest(second -> refreshes[second], seconds);
  }

  /** The stretch of that many seconds with the most calls that a quota of the backend counts. */
  Peak busiest(BackendTariff tariff, QuotaCalls traffic, int seconds) {
    return busiest(
        second -> {
          long reads = loads[second] + refreshes[second] + rereads[second];
          return traffic.of(reads + tariff.opening(starts[second]), 0)
              + tariff.puts(traffic, puts[second]);
        },
        seconds);
  }

  private static Peak busiest(IntToLongFunction calls, int seconds) {
    long inside = 0;
    Peak peak = Peak.NONE;
    for (int second = 0; second < CostPlan.SECONDS_A_DAY; second++) {
      inside += calls.applyAsLong(second);
      if (second >= seconds) {
        inside -= calls.applyAsLong(second - seconds);
      }
      if (inside > peak.calls()) {
        peak = new Peak(inside, Math.max(0, second - seconds + 1));
      }
    }
    return peak;
  }
}
