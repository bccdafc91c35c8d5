package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.Source;
import de.lifetimecircle.secrets.decision.cost.SourceText;

/**
 * The team's judgement of one backend under one criterion. Immutable.
 *
 * @param points 0 to 5
 * @param source what it rests on
 * @param why in one sentence
 */
record TeamJudgement(double points, Source source, SourceText why) {
  /** Most points that a backend can have under one criterion. */
  static final double MOST = 5;
}
