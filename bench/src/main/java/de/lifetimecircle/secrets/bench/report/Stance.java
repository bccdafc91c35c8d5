package de.lifetimecircle.secrets.bench.report;

import java.util.Map;
import java.util.Optional;

/**
 * What the team wants and thinks: the file of weights and judgements. Immutable.
 *
 * @param weights of every criterion; they add up to 100
 * @param judgements by criterion and scheme, where there is no measurement
 * @param basis by which sum of a month the price is compared
 */
record Stance(
    Map<Criterion, Double> weights,
    Map<Criterion, Map<String, Judgement>> judgements,
    Basis basis) {
  /** What all weights together are. */
  static final double ALL = 100;

  /** Which sum of a month counts. */
  enum Basis {
    /** What is paid, and the hours of work. */
    TOTAL,
    /** What is paid to a vendor or a landlord. */
    PAID
  }

  double weight(Criterion criterion) {
    return weights.getOrDefault(criterion, 0.0);
  }

  Optional<Judgement> judgement(Criterion criterion, String scheme) {
    return Optional.ofNullable(judgements.getOrDefault(criterion, Map.of()).get(scheme));
  }

  /** The same with the other sum of a month, for who asks what it would change. */
  Stance withBasis(Basis other) {
    return new Stance(weights, judgements, other);
  }
}
