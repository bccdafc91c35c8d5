package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lets contenders read in short blocks, one after another in alternating order, so that whatever
 * the machine does meanwhile meets all of them. Used by one thread.
 */
final class AlternatingReaders {
  static final int ROUNDS = 3;
  private static final int BLOCK = 50;

  private final LoopbackServer server;
  private final List<ColdReader> contenders;
  private final Map<ColdReader, List<long[]>> rounds = new HashMap<>();
  private final Map<ColdReader, Integer> requests = new HashMap<>();
  private int next;

  AlternatingReaders(LoopbackServer server, List<ColdReader> contenders) {
    this.server = server;
    this.contenders = contenders;
  }

  /** Warms up, then runs all rounds of that many blocks. */
  void run(int warmUpBlocks, int blocks) {
    round(warmUpBlocks);
    rounds.clear();
    requests.clear();
    for (int i = 0; i < ROUNDS; i++) {
      round(blocks);
    }
  }

  private void round(int blocks) {
    Map<ColdReader, long[]> taken = new HashMap<>();
    contenders.forEach(contender -> taken.put(contender, new long[blocks * BLOCK]));
    List<ColdReader> order = new ArrayList<>(contenders);
    for (int block = 0; block < blocks; block++) {
      for (ColdReader contender : order) {
        int before = server.requests();
        block(contender, taken.getOrDefault(contender, new long[0]), block * BLOCK);
        requests.merge(contender, server.requests() - before, Integer::sum);
      }
      Collections.reverse(order);
    }
    taken.forEach(
        (contender, nanos) -> {
          Arrays.sort(nanos);
          rounds.computeIfAbsent(contender, c -> new ArrayList<>()).add(nanos);
        });
  }

  private void block(ColdReader contender, long[] nanos, int from) {
    for (int i = from; i < from + BLOCK; i++) {
      String name = String.format(Locale.ROOT, "cold/NAME_%d", next++);
      long began = System.nanoTime();
      contender.read(name);
      nanos[i] = System.nanoTime() - began;
    }
  }

  /** A quantile of one contender in its best round, in nanoseconds. */
  double best(ColdReader contender, double quantile) {
    return rounds.getOrDefault(contender, List.of()).stream()
        .mapToDouble(nanos -> at(nanos, quantile))
        .min()
        .orElse(Double.NaN);
  }

  /** A quantile beside that of another contender in the same round: the best of the rounds. */
  double ratio(ColdReader contender, ColdReader other, double quantile) {
    List<long[]> mine = rounds.getOrDefault(contender, List.of());
    List<long[]> others = rounds.getOrDefault(other, List.of());
    double best = Double.NaN;
    for (int i = 0; i < mine.size(); i++) {
      double ratio = at(mine.get(i), quantile) / at(others.get(i), quantile);
      best = i == 0 ? ratio : Math.min(best, ratio);
    }
    return best;
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)];
  }

  /** How many requests the server had for each read of the contender. */
  double requestsPerRead(ColdReader contender) {
    int reads = rounds.getOrDefault(contender, List.of()).stream().mapToInt(n -> n.length).sum();
    return (double) requests.getOrDefault(contender, 0) / reads;
  }
}
