package de.lifetimecircle.secrets.bench.gpg;

import java.util.Arrays;

/**
 * Two ways to do something, in short blocks by turns, so that whatever the machine does meanwhile
 * meets both. Used by one thread.
 */
final class AlternatingRuns {
  private static final int ROUNDS = 3;
  private static final int BLOCK = 20;

  private final Runnable one;
  private final Runnable other;
  private double bestRatio = Double.POSITIVE_INFINITY;
  private double median;
  private double otherMedian;

  AlternatingRuns(Runnable one, Runnable other) {
    this.one = one;
    this.other = other;
  }

  /** Warms up, then takes the best of three rounds of that many blocks. */
  AlternatingRuns fight(int blocks) {
    round(blocks);
    bestRatio = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
      round(blocks);
    }
    return this;
  }

  private void round(int blocks) {
    long[] mine = new long[blocks * BLOCK];
    long[] others = new long[blocks * BLOCK];
    for (int block = 0; block < blocks; block++) {
      boolean first = block % 2 == 0;
      block(first ? one : other, first ? mine : others, block * BLOCK);
      block(first ? other : one, first ? others : mine, block * BLOCK);
    }
    double ratio = median(mine) / median(others);
    if (ratio < bestRatio) {
      bestRatio = ratio;
      median = median(mine);
      otherMedian = median(others);
    }
  }

  private static void block(Runnable work, long[] nanos, int from) {
    for (int i = from; i < from + BLOCK; i++) {
      long began = System.nanoTime();
      work.run();
      nanos[i] = System.nanoTime() - began;
    }
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  /** The median of the one in that round, in nanoseconds. */
  double median() {
    return median;
  }

  /** The median of the other in that round, in nanoseconds. */
  double otherMedian() {
    return otherMedian;
  }
}
