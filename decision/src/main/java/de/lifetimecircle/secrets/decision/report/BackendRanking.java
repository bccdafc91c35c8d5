package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.report.Finding.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weighted sum of each backend, and what would change the first place. Immutable.
 *
 * @param rows the backends that have points under every criterion, best first
 * @param unranked the backends that have not, with the criteria that lack
 * @param weights of the criteria
 */
record BackendRanking(
    List<Row> rows,
    Map<String, List<DecisionCriterion>> unranked,
    Map<DecisionCriterion, Double> weights) {
  /** Sums that differ by less than this are a tie: half of the last digit shown. */
  private static final double TIE = 0.05;

  private static final double ROUNDING = 1e-9;

  /**
   * One backend.
   *
   * @param scheme of the backend
   * @param points under every criterion
   * @param sum of 100
   */
  record Row(String scheme, Map<DecisionCriterion, Point> points, double sum) {
    double of(DecisionCriterion criterion) {
      Point point = points.get(criterion);
      return point == null ? 0 : point.points();
    }
  }

  /**
   * The smallest change of one weight that lets another backend win.
   *
   * @param criterion whose weight changes; the others keep their proportions and the sum of 100
   * @param from the weight as it is
   * @param to the weight from which on the other one wins
   * @param winner the other one
   */
  record Turn(DecisionCriterion criterion, double from, double to, String winner) {
    double change() {
      return Math.abs(to - from);
    }
  }

  /** Ranks; the order of the price list decides where the sums are the same. */
  static BackendRanking of(ReportSubject subject) {
    CriterionFindings findings = new CriterionFindings(subject);
    List<Row> rows = new ArrayList<>();
    Map<String, List<DecisionCriterion>> unranked = new LinkedHashMap<>();
    for (String scheme : subject.schemes()) {
      Map<DecisionCriterion, Point> own = new EnumMap<>(DecisionCriterion.class);
      List<DecisionCriterion> lacking = new ArrayList<>();
      for (DecisionCriterion criterion : DecisionCriterion.values()) {
        findings
            .of(criterion, scheme)
            .point()
            .ifPresentOrElse(point -> own.put(criterion, point), () -> lacking.add(criterion));
      }
      if (lacking.isEmpty()) {
        rows.add(new Row(scheme, own, sum(own, subject.policy())));
      } else {
        unranked.put(scheme, lacking);
      }
    }
    subject
        .strangers()
        .forEach(scheme -> unranked.put(scheme, List.of(DecisionCriterion.values())));
    rows.sort(Comparator.comparingDouble(Row::sum).reversed()); // stable
    return new BackendRanking(rows, unranked, subject.policy().weights());
  }

  private static double sum(Map<DecisionCriterion, Point> points, DecisionPolicy policy) {
    double sum = 0;
    for (Map.Entry<DecisionCriterion, Point> point : points.entrySet()) {
      sum += policy.weight(point.getKey()) * point.getValue().points() / TeamJudgement.MOST;
    }
    return sum;
  }

  Optional<Row> winner() {
    return rows.stream().findFirst();
  }

  /** All that share the first place; one when there is a winner. */
  List<Row> first() {
    return rows.stream().filter(row -> rows.get(0).sum() - row.sum() < TIE).toList();
  }

  boolean isTie() {
    return first().size() > 1;
  }

  private double weight(DecisionCriterion criterion) {
    return weights.getOrDefault(criterion, 0.0);
  }

  /**
   * The smallest change of one criterion's weight that changes the first place; empty where no
   * weight from 0 to 100 does.
   */
  Optional<Turn> turn(DecisionCriterion criterion) {
    return rows.stream()
        .skip(1)
        .flatMap(row -> turn(criterion, rows.get(0), row).stream())
        .min(Comparator.comparingDouble(Turn::change));
  }

  /** The lead of the winner is linear in the weight: where it is 0, the other one takes over. */
  private Optional<Turn> turn(DecisionCriterion criterion, Row winner, Row other) {
    double from = weight(criterion);
    double rest = DecisionPolicy.ALL - from;
    if (rest < ROUNDING) {
      return Optional.empty(); // nothing is left that could be scaled
    }
    double own = winner.of(criterion) - other.of(criterion);
    double others = 0;
    for (DecisionCriterion each : DecisionCriterion.values()) {
      if (each != criterion) {
        others += weight(each) * (winner.of(each) - other.of(each));
      }
    }
    // lead(x) = x * own + (100 - x) * others / rest
    double slope = own - others / rest;
    if (Math.abs(slope) < ROUNDING) {
      return Optional.empty();
    }
    double to = -(DecisionPolicy.ALL * others / rest) / slope;
    // At 0 or 100 itself there is a tie and nothing beyond it.
    return to < ROUNDING || to > DecisionPolicy.ALL - ROUNDING
        ? Optional.empty()
        : Optional.of(new Turn(criterion, from, to, other.scheme()));
  }
}
