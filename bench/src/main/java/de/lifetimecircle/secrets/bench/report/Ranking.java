package de.lifetimecircle.secrets.bench.report;

import de.lifetimecircle.secrets.bench.report.Points.Point;
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
record Ranking(
    List<Row> rows, Map<String, List<Criterion>> unranked, Map<Criterion, Double> weights) {
  /** Sums that differ by less are a tie: half of what is shown. */
  private static final double TIE = 0.05;

  private static final double ROUNDING = 1e-9;

  /**
   * One backend.
   *
   * @param scheme of the backend
   * @param points under every criterion
   * @param sum of 100
   */
  record Row(String scheme, Map<Criterion, Point> points, double sum) {
    double of(Criterion criterion) {
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
  record Turn(Criterion criterion, double from, double to, String winner) {
    double change() {
      return Math.abs(to - from);
    }
  }

  /** Ranks; the order of the price list decides where the sums are the same. */
  static Ranking of(Subject subject) {
    Points points = new Points(subject);
    List<Row> rows = new ArrayList<>();
    Map<String, List<Criterion>> unranked = new LinkedHashMap<>();
    for (String scheme : subject.schemes()) {
      Map<Criterion, Point> own = new EnumMap<>(Criterion.class);
      List<Criterion> lacking = new ArrayList<>();
      for (Criterion criterion : Criterion.values()) {
        points
            .of(criterion, scheme)
            .ifPresentOrElse(point -> own.put(criterion, point), () -> lacking.add(criterion));
      }
      if (lacking.isEmpty()) {
        rows.add(new Row(scheme, own, sum(own, subject.stance())));
      } else {
        unranked.put(scheme, lacking);
      }
    }
    subject.strangers().forEach(scheme -> unranked.put(scheme, List.of(Criterion.values())));
    rows.sort(Comparator.comparingDouble(Row::sum).reversed()); // stable
    return new Ranking(rows, unranked, subject.stance().weights());
  }

  private static double sum(Map<Criterion, Point> points, Stance stance) {
    double sum = 0;
    for (Map.Entry<Criterion, Point> point : points.entrySet()) {
      sum += stance.weight(point.getKey()) * point.getValue().points() / Judgement.MOST;
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

  private double weight(Criterion criterion) {
    return weights.getOrDefault(criterion, 0.0);
  }

  /**
   * For each criterion the smallest change of its weight that changes the first place; empty where
   * no weight from 0 to 100 does.
   */
  Map<Criterion, Optional<Turn>> turns() {
    Map<Criterion, Optional<Turn>> turns = new EnumMap<>(Criterion.class);
    for (Criterion criterion : Criterion.values()) {
      turns.put(
          criterion,
          rows.stream()
              .skip(1)
              .map(row -> turn(criterion, rows.get(0), row))
              .flatMap(Optional::stream)
              .min(Comparator.comparingDouble(Turn::change)));
    }
    return turns;
  }

  /** The lead of the winner is linear in the weight: where it is 0, the other one takes over. */
  private Optional<Turn> turn(Criterion criterion, Row winner, Row other) {
    double from = weight(criterion);
    double rest = Stance.ALL - from;
    if (rest < ROUNDING) {
      return Optional.empty(); // nothing is left that could be scaled
    }
    double own = winner.of(criterion) - other.of(criterion);
    double others = 0;
    for (Criterion each : Criterion.values()) {
      if (each != criterion) {
        others += weight(each) * (winner.of(each) - other.of(each));
      }
    }
    // lead(x) = x * own + (100 - x) * others / rest
    double slope = own - others / rest;
    if (Math.abs(slope) < ROUNDING) {
      return Optional.empty();
    }
    double to = -(Stance.ALL * others / rest) / slope;
    // At 0 or 100 itself there is a tie and nothing beyond it.
    return to < ROUNDING || to > Stance.ALL - ROUNDING
        ? Optional.empty()
        : Optional.of(new Turn(criterion, from, to, other.scheme()));
  }
}
