package de.lifetimecircle.secrets.decision.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the backends are judged by: the rows of the team's table, then speed and limits. */
enum DecisionCriterion {
  /** Until the first secret is served. */
  SETUP,
  /** A month. */
  PRICE,
  /** By itself, and how soon a reader has it. */
  ROTATION,
  /** The control over who may read which secret. */
  IAM,
  /** Attestations that an auditor accepts. */
  COMPLIANCE,
  /** The fit for a team that runs on AWS alone. */
  AWS_ONLY,
  /** The fit for a team that runs on more than one cloud. */
  MULTI_CLOUD,
  /** Of a read that the cache does not answer. */
  SPEED,
  /** How far the plan is from what the backend allows. */
  LIMITS;

  /** The word in the file of weights and in reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<DecisionCriterion> named(String word) {
    return Arrays.stream(values())
        .filter(criterion -> criterion.toString().equals(word))
        .findFirst();
  }
}
