package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * The median of all samples of a measurement, and how far it may be off.
 *
 * <p>Within a round: the 99 % confidence interval of a median by order statistics, which asks for
 * nothing about the shape of the distribution. Samples of one round resemble each other more than
 * those of another, so the interval spans those of all rounds and reaches as far again as the
 * medians of the rounds lie apart. With fewer than {@value #FEWEST} samples there is no such
 * interval; then it is Student's, and of a single sample half of it to each side. Stateless.
 */
final class MedianEstimate {
  /** Of fewer than 8 values the largest interval of order statistics holds less than 99 %. */
  static final int FEWEST = 8;

  /** The 99.5 % point of the normal distribution. */
  private static final double Z = 2.5758;

  /** The 99.5 % points of Student's distribution for 2 to 7 samples, by the square root of them. */
  private static final double[] STUDENT = {45.01, 5.730, 2.920, 2.059, 1.646, 1.401};

  private static final double OF_ONE = 0.5;
  private static final String SHARE = "%";

  private MedianEstimate() {}

  /** Two ends. */
  record Interval(double low, double high) {
    Interval with(Interval other) {
      return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  /**
   * The measurement that the rounds make together.
   *
   * @param rounds at least one, all of the same thing
   */
  static Measurement of(String participant, List<SampleSet> rounds) {
    SampleSet first = rounds.get(0);
    Histogram all = new SampleHistogram();
    rounds.forEach(round -> all.add(round.histogram()));
    Set<ResultText> notes = new LinkedHashSet<>();
    rounds.forEach(round -> notes.addAll(round.notes()));
    boolean isShare = first.unit().equals(SHARE);
    double median = isShare ? all.getMean() / SampleSet.SCALE : quantile(all, 0.5);
    Interval interval = isShare ? share(all) : spanned(all, rounds);
    if (!isShare && all.getTotalCount() < FEWEST) {
      notes.add(ResultText.of("few"));
    }
    return new Measurement(
        first.id(),
        participant,
        first.client(),
        first.roundTripMillis(),
        first.unit(),
        all.getTotalCount(),
        median,
        Math.min(interval.low(), median),
        Math.max(interval.high(), median),
        tail(all, 0.9),
        tail(all, 0.99),
        tail(all, 0.999),
        first.warmUp(),
        new ArrayList<>(notes));
  }

  /** Only where as many samples lie beyond it that one of them does not decide it. */
  private static OptionalDouble tail(Histogram all, double quantile) {
    boolean isFirm = all.getTotalCount() * (1 - quantile) >= 2;
    return isFirm ? OptionalDouble.of(quantile(all, quantile)) : OptionalDouble.empty();
  }

  private static double quantile(Histogram histogram, double quantile) {
    return histogram.getValueAtPercentile(100 * quantile) / SampleSet.SCALE;
  }

  private static Interval spanned(Histogram all, List<SampleSet> rounds) {
    if (all.getTotalCount() < FEWEST) {
      return ofFew(all);
    }
    Interval span = ofMedian(all);
    double least = quantile(all, 0.5);
    double largest = least;
    for (SampleSet round : rounds) {
      double median = quantile(round.histogram(), 0.5);
      least = Math.min(least, median);
      largest = Math.max(largest, median);
      if (round.histogram().getTotalCount() >= FEWEST) {
        span = span.with(ofMedian(round.histogram()));
      }
    }
    return new Interval(
        Math.max(0, span.low() - (largest - least)), span.high() + (largest - least));
  }

  private static Interval ofFew(Histogram few) {
    double median = quantile(few, 0.5);
    int count = (int) few.getTotalCount();
    // The standard deviation of the sample, not of the population that HdrHistogram takes it for.
    double half =
        count < 2
            ? OF_ONE * median
            : STUDENT[count - 2]
                * few.getStdDeviation()
                / SampleSet.SCALE
                * Math.sqrt(count / (count - 1.0));
    return new Interval(
        Math.max(0, Math.min(median - half, few.getMinValue() / SampleSet.SCALE)),
        Math.max(median + half, few.getMaxValue() / SampleSet.SCALE));
  }

  /** Returns the order statistics that enclose the median in 99 % of all cases. */
  static Interval ofMedian(Histogram histogram) {
    long count = histogram.getTotalCount();
    double half = Z * Math.sqrt((double) count) / 2;
    long lower = Math.max(1, (long) Math.floor(count / 2.0 - half));
    long upper = Math.min(count, (long) Math.ceil(count / 2.0 + half) + 1);
    return new Interval(
        quantile(histogram, (double) lower / count), quantile(histogram, (double) upper / count));
  }

  /** Wilson's interval of a share: it stays within 0 and 100 and knows that 0 of 20 is not 0. */
  private static Interval share(Histogram histogram) {
    double count = histogram.getTotalCount();
    double share = histogram.getMean() / SampleSet.SCALE / 100;
    double middle = share + Z * Z / (2 * count);
    double half = Z * Math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count));
    double by = 1 + Z * Z / count;
    return new Interval(
        Math.max(0, 100 * (middle - half) / by), Math.min(100, 100 * (middle + half) / by));
  }
}
