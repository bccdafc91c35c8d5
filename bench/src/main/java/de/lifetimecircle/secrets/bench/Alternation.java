package de.lifetimecircle.secrets.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contenders in short blocks, one after another in alternating order, so that whatever the
 * machine does meanwhile affects all of them. Of several rounds the best counts: it was disturbed
 * least. Used by one thread.
 *
 * @param <C> a contender
 */
public final class Alternation<C> {
  private final List<C> contenders;
  private final int block;
  private final Work<C> work;
  private final List<Map<C, double[]>> rounds = new ArrayList<>();

  /** Measures a contender once. */
  public interface Work<C> {
    /** Returns the number that is of interest. */
    double measure(C contender) throws Exception;
  }

  /** Makes one whose blocks are so many measurements long. */
  public Alternation(List<C> contenders, int block, Work<C> work) {
    this.contenders = contenders;
    this.block = block;
    this.work = work;
  }

  /** Runs all rounds of that many blocks. */
  public Alternation<C> run(int count, int blocks) throws Exception {
    for (int i = 0; i < count; i++) {
      rounds.add(round(blocks));
    }
    return this;
  }

  /** Runs a round that does not count. */
  public Alternation<C> warmUp(int blocks) throws Exception {
    var unused = round(blocks);
    return this;
  }

  private Map<C, double[]> round(int blocks) throws Exception {
    Map<C, double[]> taken = new HashMap<>();
    contenders.forEach(contender -> taken.put(contender, new double[blocks * block]));
    List<C> order = new ArrayList<>(contenders);
    for (int from = 0; from < blocks * block; from += block) {
      for (C contender : order) {
        double[] numbers = taken.getOrDefault(contender, new double[0]);
        for (int i = from; i < from + block; i++) {
          numbers[i] = work.measure(contender);
        }
      }
      Collections.reverse(order);
    }
    taken.values().forEach(Arrays::sort);
    return taken;
  }

  /** Returns a quantile of one contender in its best round. */
  public double best(C contender, double quantile) {
    return rounds.stream()
        .mapToDouble(round -> at(round, contender, quantile))
        .min()
        .orElse(Double.NaN);
  }

  /** Returns a quantile beside that of another contender in the same round: the best of them. */
  public double ratio(C contender, C other, double quantile) {
    return rounds.stream()
        .mapToDouble(round -> at(round, contender, quantile) / at(round, other, quantile))
        .min()
        .orElse(Double.NaN);
  }

  /**
   * Returns the median of each contender, from the round in which the last one was nearest to the
   * first; of one contender, from its best round.
   */
  public List<Double> medians() {
    return rounds.stream()
        .map(round -> contenders.stream().map(each -> at(round, each, 0.5)).toList())
        .min(Comparator.comparingDouble(Alternation::spread))
        .orElseThrow();
  }

  private static double spread(List<Double> medians) {
    double last = medians.get(medians.size() - 1);
    return medians.size() == 1 ? last : last - medians.get(0);
  }

  private double at(Map<C, double[]> round, C contender, double quantile) {
    double[] sorted = round.getOrDefault(contender, new double[0]);
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)];
  }
}
