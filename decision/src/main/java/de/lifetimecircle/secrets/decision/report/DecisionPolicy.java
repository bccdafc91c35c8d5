package de.lifetimecircle.secrets.decision.report;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the team wants and thinks: the file of weights and judgements. Immutable.
 *
 * @param weights of every criterion; they add up to 100
 * @param judgements by criterion and scheme, where there is no measurement
 * @param basis by which sum of a month the price is compared
 */
record DecisionPolicy(
    Map<DecisionCriterion, Double> weights,
    Map<DecisionCriterion, Map<String, TeamJudgement>> judgements,
    Basis basis) {
  /** The sum of all weights. */
  static final double ALL = 100;

  /** Which sum of a month counts. */
  enum Basis {
    /** Payments and the hours of work. */
    TOTAL,
    /** Payments to a vendor or a landlord. */
    PAID;

    /** The other one. */
    Basis other() {
      return this == TOTAL ? PAID : TOTAL;
    }

    /** The word in the file of weights and in the bundles. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  double weight(DecisionCriterion criterion) {
    return weights.getOrDefault(criterion, 0.0);
  }

  Optional<TeamJudgement> judgement(DecisionCriterion criterion, String scheme) {
    return Optional.ofNullable(judgements.getOrDefault(criterion, Map.of()).get(scheme));
  }

  /** Returns the same policy with the other monthly sum, to show what that would change. */
  DecisionPolicy withBasis(Basis other) {
    return new DecisionPolicy(weights, judgements, other);
  }
}
