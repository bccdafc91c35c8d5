package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.QuotaFigures;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Optional;

/**
 * The points of each backend under each criterion, by rules that the report prints. Immutable.
 *
 * @param subject what they follow from
 */
record CriterionPoints(ReportSubject subject) {
  private static final double LEAST_DOLLARS = 1;

  /**
   * The points of one backend under one criterion.
   *
   * @param points 0 to 5
   * @param origin what they follow from
   */
  record Point(double points, TeamJudgement.Origin origin) {}

  /** Empty where nothing is known: the backend is then not ranked. */
  Optional<Point> of(DecisionCriterion criterion, String scheme) {
    return switch (criterion) {
      case SETUP -> subject.cost(scheme).map(CriterionPoints::setUp);
      case PRICE -> subject.cost(scheme).map(this::price);
      case SPEED -> speed(scheme).or(() -> judged(criterion, scheme));
      case LIMITS ->
          subject.cost(scheme).flatMap(CriterionPoints::limits).or(() -> judged(criterion, scheme));
      default -> judged(criterion, scheme);
    };
  }

  private Optional<Point> judged(DecisionCriterion criterion, String scheme) {
    return subject
        .stance()
        .judgement(criterion, scheme)
        .map(j -> new Point(j.points(), j.origin()));
  }

  /** 5 for one hour or less, one point less for each doubling. */
  private static Point setUp(BackendFigures cost) {
    double hours = Math.max(1, cost.setupHours().doubleValue());
    return new Point(
        within(TeamJudgement.MOST - Math.log(hours) / Math.log(2)), TeamJudgement.Origin.TEAM);
  }

  /**
   * 5 for the cheapest, else as much less as it costs more; less than a dollar is no difference.
   */
  private Point price(BackendFigures cost) {
    double least =
        subject.costs().backends().stream().mapToDouble(this::dollars).min().orElse(LEAST_DOLLARS);
    return new Point(
        within(TeamJudgement.MOST * least / dollars(cost)), TeamJudgement.Origin.COUNTED);
  }

  private double dollars(BackendFigures cost) {
    BigDecimal sum =
        subject.stance().basis() == DecisionPolicy.Basis.TOTAL
            ? cost.dollars().total()
            : cost.dollars().paid();
    return Math.max(LEAST_DOLLARS, sum.doubleValue());
  }

  /** 5 for a millisecond or less, one point less for each tenfold; never from a stand-in. */
  private Optional<Point> speed(String scheme) {
    return speedShown(scheme)
        .map(
            m -> {
              double tenfolds =
                  Math.log10(Math.max(1, MeasurementUnits.nanos(m.median(), m.unit()) / 1e6));
              return new Point(
                  within(TeamJudgement.MOST - tenfolds), TeamJudgement.Origin.MEASURED);
            });
  }

  /**
   * Returns the measurement that rates the speed of a backend: its cold read, unless a stand-in
   * answered.
   */
  Optional<Measurement> speedShown(String scheme) {
    return subject
        .standsFor(scheme)
        .filter(participant -> participant.realness() != Realness.EMULATED)
        .map(Participant::name)
        .flatMap(name -> subject.measured("cold-get", name, 0))
        .filter(m -> Double.isFinite(m.median()) && MeasurementUnits.isTime(m.unit()));
  }

  /** 5 when nothing of the tightest quota is taken in the busiest stretch of the day, 0 for all. */
  private static Optional<Point> limits(BackendFigures cost) {
    return tightest(cost)
        .map(
            quota ->
                new Point(
                    within(TeamJudgement.MOST * (1 - share(quota))), TeamJudgement.Origin.COUNTED));
  }

  /** The quota of which the plan takes the largest share. */
  static Optional<QuotaFigures> tightest(BackendFigures cost) {
    return cost.quotas().stream().max(Comparator.comparingDouble(CriterionPoints::share));
  }

  /** Returns the share of a quota that the busiest part of the day uses. */
  static double share(QuotaFigures quota) {
    return (double) quota.simulated() / quota.allowed();
  }

  private static double within(double points) {
    return Math.max(0, Math.min(TeamJudgement.MOST, points));
  }
}
